VERSION := 0.1.0
PREFIX  ?= /usr/local
CFLAGS  ?= -O3 -g
HDF5    := $(shell pkg-config --exists hdf5-serial 2>/dev/null && echo hdf5-serial || echo hdf5)
PKGS    := gsl libconfig $(HDF5)
comma   := ,
Q       := $(if $(V),,@)
B       ?= build/$(if $(SAN),$(subst $(comma),-,$(SAN)),release)
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 2)
endif
ifeq ($(SAN),thread)           # gcc's libgomp is not instrumented: false alarms
CC      := clang
export TSAN_OPTIONS := ignore_noninstrumented_modules=1
endif
ifneq ($(findstring address,$(SAN)),) # clang's libomp keeps its teams to the end
export LSAN_OPTIONS := suppressions=tests/lsan.supp:print_suppressions=0
endif
WARN    := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
           -Wmissing-prototypes -Wvla -Wundef -Wwrite-strings -Wcast-qual
CMD     := $(CC) -std=c11 -D_POSIX_C_SOURCE=200809L -I. $(WARN) -ffp-contract=off -fopenmp \
           $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(PKGS) 2>/dev/null)) $(CFLAGS) \
           $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer)
DEFS    := -DLODESTONE_VERSION=\"$(VERSION)\" -DLODESTONE_SHARE=\"$(PREFIX)/share/lodestone\"
LIBS    := $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lhdf5_hl -lmd -lm
obj      = $(patsubst %.c,$(B)/%.o,$(wildcard $(1)))
exe      = $(patsubst %.c,$(B)/%,$(wildcard $(1)))
AR_ALL  := $(addprefix $(B)/lib,models.a analysis.a sim.a)
CLI     := $(call obj,analysis/cli/*.c)
BIN     := $(if $(CLI),$(if $(filter build/release,$(B)),build/lodestone,$(B)/lodestone))
LONG    := $(call exe,tests/models/test_rare_earth_*.c tests/verify/test_*.c)
TESTS   := $(LONG) $(filter-out $(LONG),$(call exe,tests/*/test_*.c)) # the long ones first
SCRIPTS := $(wildcard tests/cli/*.sh)
SOURCES := $(wildcard sim/*.[ch] models/*.[ch] models/policy/*.[ch] analysis/*.[ch] \
           analysis/cli/*.[ch] tests/*/*.[ch])

all: $(AR_ALL) $(BIN)
$(B)/libsim.a:      $(call obj,sim/*.c)
$(B)/libmodels.a:   $(call obj,models/*.c models/policy/*.c)
$(B)/libanalysis.a: $(call obj,analysis/*.c)
$(B)/lodestone: $(CLI) $(AR_ALL)
	@echo '  LD  $@'
	$(Q)$(CMD) -o $@ $^ $(LIBS)
build/lodestone: build/release/lodestone
	$(Q)cp -f $< $@
%.a:
	@mkdir -p $(@D)
	@echo '  AR  $@'
	$(Q)rm -f $@ && $(AR) rcs $@ $^
$(B)/analysis/cli/%.o: analysis/cli/%.c $(B)/flags $(B)/defs
	@mkdir -p $(@D)
	@echo '  CC  $<'
	$(Q)$(CMD) $(DEFS) -MMD -MP -c -o $@ $<
$(B)/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	@echo '  CC  $<'
	$(Q)$(CMD) -MMD -MP -c -o $@ $<
$(B)/analysis/cli/page.o: build/page/page.js analysis/page/page.css
# The script of a report: made where there are Node.js and npm, elsewhere empty (reports are static).
build/page/page.js: build/page/node_modules $(wildcard analysis/page/src/*.js)
	@echo '  JS  $@'
	$(Q)cp analysis/page/build.mjs build/page; cd build/page; rm -f page.js.new; \
	if [ -d node_modules/esbuild ] && ! node build.mjs ../../analysis/page/src/page.js page.js.new; then \
	  rm -f page.js.new; echo '  Node.js cannot build the page: reports will be static' >&2; fi; \
	[ -f page.js.new ] || : > page.js.new; mv page.js.new page.js
build/page/node_modules: $(wildcard analysis/page/*.json analysis/page/*.mjs) build/page/node
	@mkdir -p $@; cp analysis/page/*.json build/page
	$(Q)if [ -s build/page/node ]; then (cd build/page && npm ci --ignore-scripts --no-audit --no-fund --silent \
	  --fetch-timeout=30000 --fetch-retry-mintimeout=500 --fetch-retry-maxtimeout=3000) || { rm -rf $@; mkdir $@; \
	  echo '  npm cannot install: reports will be static. To try again: rm -r build/page' >&2; }; fi; touch $@
build/page/node: FORCE
	@mkdir -p $(@D); { command -v node && command -v npm && node --version; } > $@.new; cmp -s $@.new $@ || mv $@.new $@; rm -f $@.new
# Rewritten only when the command changes: new flags rebuild all.
$(B)/flags: FORCE
	@mkdir -p $(@D); echo '$(CMD)' | cmp -s - $@ || echo '$(CMD)' > $@
$(B)/defs: FORCE
	@mkdir -p $(@D); echo '$(DEFS)' | cmp -s - $@ || echo '$(DEFS)' > $@

# A test links its own folder's archive and the ones below it, and no more.
$(B)/tests/%_nomem: WRAP := -Wl,--wrap=malloc,--wrap=realloc,--wrap=calloc,--wrap=aligned_alloc
$(B)/tests/sim/%:      $(B)/tests/sim/%.o $(B)/libsim.a
	$(Q)$(CMD) -o $@ $^ $(WRAP) -lcmocka $(LIBS)
$(B)/tests/models/%:   $(B)/tests/models/%.o $(B)/libmodels.a $(B)/libsim.a
	$(Q)$(CMD) -o $@ $^ $(WRAP) -lcmocka $(LIBS)
$(B)/tests/verify/%:   $(B)/tests/verify/%.o $(B)/libmodels.a $(B)/libsim.a
	$(Q)$(CMD) -o $@ $^ $(WRAP) -lcmocka $(LIBS)
$(B)/tests/verify/long_%: $(B)/tests/verify/long_%.o $(AR_ALL)
	$(Q)$(CMD) -o $@ $^ $(LIBS)
$(B)/tests/analysis/%: $(B)/tests/analysis/%.o $(B)/libanalysis.a $(B)/libsim.a
	$(Q)$(CMD) -o $@ $^ $(WRAP) -lcmocka $(LIBS)
$(B)/tests/cli/%:      $(B)/tests/cli/%.o $(filter-out %/main.o,$(CLI)) $(AR_ALL)
	$(Q)$(CMD) -o $@ $^ -lcmocka $(LIBS)
$(B)/tests/fuzz/%:     $(B)/tests/fuzz/%.o $(AR_ALL)
	$(Q)$(CMD) -o $@ $^ -lcmocka $(LIBS)
$(B)/tests/bench/bench_network: WRAP := -Wl,--wrap=sim_send
$(B)/tests/bench/%:    $(B)/tests/bench/%.o $(AR_ALL)
	$(Q)$(CMD) -o $@ $^ $(WRAP) $(LIBS)

check: deps-check
	@$(MAKE) --no-print-directory check-built
check-built: $(TESTS) $(BIN)
	@LODESTONE='$(abspath $(BIN))' sh tests/run.sh $(SCRIPTS) $(TESTS)
# Under a sanitizer without those that hold numbers against theory, and with one of the two that run the
# network for minutes: the same code.
UNIT := $(if $(SAN),$(filter-out $(B)/tests/verify/% %/test_rare_earth_shipped,$(TESTS)),$(TESTS))
check-unit: deps-check
	@$(MAKE) --no-print-directory check-unit-built
check-unit-built: $(UNIT)
	@sh tests/run.sh $(UNIT)

# Minutes each: measured tables that stand in README files.
check-long: $(call exe,tests/verify/long_*.c)
	@for t in $^; do $$t || exit 1; done

bench: $(call exe,tests/bench/bench_*.c) $(BIN)
	@for t in $(filter-out $(BIN),$^); do $$t || exit 1; done
	@LODESTONE='$(abspath $(BIN))' sh tests/bench/bench_sweep.sh

lint: $(AR_ALL) $(CLI)
	@sh tests/lint.sh '$(CMD)' $(B)
	$(Q)clang-format --dry-run -Werror $(SOURCES)

DEMO := baseline japan-2026-military japan-2026-broad-licensing japan-2026-broad-reserve japan-embargo
demo: deps
	@$(MAKE) --no-print-directory demo-built
demo-built: $(BIN)
	$(BIN) run $(DEMO:%=scenarios/%.cfg) --runs 40 -o build/demo.h5
	$(BIN) show build/demo.h5
	$(BIN) critical scenarios/baseline.cfg --tier oxide --tier metal --tier alloy --tier magnet --runs 2 \
	  --top 5 -o build/critical.h5
	@printf '%s\n' '' 'All of it is in build/demo.h5, the last table in build/critical.h5. As a page, to be opened in a browser:' ''
	@$(BIN) report build/demo.h5 --critical build/critical.h5 --why 3 -o build/demo.html

# The figures of a result: PDF, PNG, what they show, their numbers.
FIGURES_FROM := build/demo.h5
figures:
	@[ -f '$(FIGURES_FROM)' ] || { echo '$(FIGURES_FROM) is missing; make demo writes build/demo.h5' >&2; exit 1; }
	$(call get,$(NEED_FIGURES))
	@/usr/bin/python3 -B analysis/plots/figures.py '$(FIGURES_FROM)' -o build/figures

# The references of keys in README files, each between its two marks.
KEYS := $(wildcard scenarios/README.md scenarios/sweeps/README.md)
keys: $(BIN)
	for f in $(KEYS); do \
	  $(BIN) keys --markdown $$(sed -n 's/^<!-- keys: \(.*\) -->/\1/p' $$f) > $(B)/keys.md && \
	  sed -i -e '/^<!-- keys: /,/^<!-- end of keys/{//!d}' -e '/^<!-- keys: /r $(B)/keys.md' $$f || exit 1; done

install: all
	$(if $(BIN),install -Dm755 $(BIN) $(DESTDIR)$(PREFIX)/bin/lodestone)
	cd scenarios && find . -type f -exec \
	  install -Dm644 {} $(DESTDIR)$(PREFIX)/share/lodestone/scenarios/{} \;
	install -Dm644 -t $(DESTDIR)$(PREFIX)/lib $(AR_ALL)
	for h in $(wildcard sim/*.h models/*.h models/policy/*.h analysis/*.h); do \
	  install -Dm644 $$h $(DESTDIR)$(PREFIX)/include/lodestone/$$h || exit 1; done
	$(BIN) help --man > $(B)/lodestone.1
	install -Dm644 -t $(DESTDIR)$(PREFIX)/share/man/man1 $(B)/lodestone.1
	$(BIN) help --bash > $(B)/lodestone.bash
	install -Dm644 $(B)/lodestone.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/lodestone
	printf '%s\n' 'Name: lodestone' 'Description: supply-chain disruption simulator' \
	  'Version: $(VERSION)' 'Requires: $(PKGS)' \
	  'Libs: -L$(PREFIX)/lib -lmodels -lanalysis -lsim -lhdf5_hl -lmd -fopenmp -lm' \
	  'Cflags: -I$(PREFIX)/include/lodestone' > $(B)/lodestone.pc
	install -Dm644 $(B)/lodestone.pc $(DESTDIR)$(PREFIX)/lib/pkgconfig/lodestone.pc

# What must be there: a Debian package and the command that finds it.
NEED = need gcc '$(CC) --version'; need pkg-config 'pkg-config --version'; \
	need libgsl-dev 'pkg-config --exists gsl'; need libconfig-dev 'pkg-config --exists libconfig'; \
	need libhdf5-dev 'pkg-config --exists $(HDF5)'; need libmd-dev 'pkg-config --exists libmd'
# Debian's modules are for its own python3, which need not be the first in PATH.
module = /usr/bin/python3 -c "import importlib.util as u; assert u.find_spec(\"$(1)\")"
NEED_FIGURES = need python3-xarray '$(call module,xarray)'; need python3-h5netcdf '$(call module,h5netcdf)'; \
	need python3-matplotlib '$(call module,matplotlib)'; need python3-scipy '$(call module,scipy)'
NEED_CHECK = need libcmocka-dev 'pkg-config --exists cmocka'; $(NEED_FIGURES); \
	need gnuplot-nox 'gnuplot --version'; \
	need hdf5-tools 'h5dump --version'; need parallel 'parallel --version | grep GNU'; \
	need nodejs 'node --version'; need npm 'npm --version'; need chromium '[ -x /usr/bin/chromium ]'; \
	need openmpi-bin 'mpirun --version | grep "Open MPI"'; \
	need slurm-wlm 'PATH=$$PATH:/usr/sbin; slurmctld -V && slurmd -V && command -v sbatch'
NEED_LINT = need clang-format 'clang-format --version'; need clang 'clang --version'; \
	need libomp-dev 'echo "int main(void){return 0;}" | clang -fopenmp -x c - -o /dev/null'
get = @missing=; need() { (eval "$$2") > /dev/null 2>&1 || missing="$$missing $$1"; }; $(1); \
	[ -z "$$missing" ] && exit 0; \
	if [ "$$(id -u)" = 0 ]; then as=; elif sudo -n true 2> /dev/null; then as='sudo -n'; else as=no; fi; \
	apt="apt-get install -y --no-install-recommends$$missing"; \
	[ "$$as" != no ] && { $$as $$apt || { $$as apt-get update && $$as $$apt; }; } && exit 0; \
	echo "packages are missing; type: sudo $$apt" >&2; exit 1
deps:
	$(call get,$(NEED))
deps-check:
	$(call get,$(NEED);$(NEED_CHECK))
deps-lint:
	$(call get,$(NEED);$(NEED_CHECK);$(NEED_LINT))

clean:
	rm -rf build
.PHONY: all check check-built check-unit check-unit-built check-long bench lint demo demo-built figures keys install deps deps-check deps-lint clean FORCE
.SECONDARY:
-include $(shell find $(B) -name '*.d' 2>/dev/null)
