#!/usr/bin/python3
"""Opens a result as its users do: open_xarray.py FILE

For each engine of xarray that is installed (h5netcdf must be) checks that every axis has its labels,
names are text, dates are dates, attributes are text, whole numbers stay whole, and that every value
can be chosen by labels. Exit status 0; 1 with a line for what is wrong; 77 without xarray.
"""
import sys
import warnings

try:
    import h5netcdf  # noqa: F401
    import numpy as np
    import xarray as xr
except ImportError as e:
    print(e, file=sys.stderr)
    sys.exit(77)

engines = ["h5netcdf"]
try:
    import netCDF4  # noqa: F401

    engines.append("netcdf4")
except ImportError:
    pass

bad = 0


def check(ok, what):
    global bad
    if not ok:
        bad += 1
        print("%s: %s" % (engine, what), file=sys.stderr)


def text(x):
    return all(isinstance(v, str) for v in np.ravel(x))


def dates(raw):
    return str(raw.attrs.get("units", "")).startswith("days since ")


def select(ds, raw, name):
    """The variable at the last label of each of its axes, found by label, against the value there."""
    v = ds[name]
    if 0 in v.shape:
        return
    want = {}
    for dim in v.dims:
        want[dim] = ds[dim].values[-1]
        if dates(raw[dim]):
            want[dim] = str(want[dim])[:10]
    got, there = v.sel(want).values.ravel()[-1], v.values.ravel()[-1]
    check(got == there or (got != got and there != there), "%s: %r is not %r" % (name, got, there))


for engine in engines:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # xarray casts NaN when it decodes dates
        ds = xr.open_dataset(sys.argv[1], engine=engine).load()
        raw = xr.open_dataset(sys.argv[1], engine=engine, decode_cf=False)
    check(len(ds.data_vars) > 0, "no columns")
    check(ds.attrs.get("Conventions") == "CF-1.8", "Conventions")
    check(len(ds.attrs.get("digest", "")) == 64, "digest")
    for name, value in ds.attrs.items():
        check(isinstance(value, str), "attribute %s is not text" % name)
    for dim in ds.dims:
        check(dim in ds.coords, "axis %s has no labels" % dim)
    for name, v in ds.variables.items():
        check("long_name" in v.attrs, "%s has no long_name" % name)
        if dates(raw[name]):
            check(v.dtype.kind == "M", "%s is not a date" % name)
        elif v.dtype.kind == "O":
            check(text(v.values), "%s is not text" % name)
        else:
            check(v.dtype == raw[name].dtype, "%s changed its type" % name)
    for name, v in ds.data_vars.items():
        if "flag_meanings" in v.attrs:
            n = len(v.attrs["flag_meanings"].split())
            check(list(np.ravel(v.attrs["flag_values"])) == list(range(n)), "flags of " + name)
        for dim in v.dims:
            for c in ds.coords:
                if ds[c].dims == (dim,):
                    check(c in v.coords, "%s lost the coordinate %s" % (name, c))
        select(ds, raw, name)
    print("%s: %d axes, %d columns" % (engine, len(ds.dims), len(ds.data_vars)))
sys.exit(1 if bad else 0)
