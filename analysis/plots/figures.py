"""The figures of a result file: figures.py FILE [NAME...] [-o DIR] [--country X] [--flow "A>B~product"] [--scenario X]..."""
import argparse
import importlib
import os
import sys

NAMES = ["output", "stops", "causes", "leads", "loss", "trade"]


def main():
    at = argparse.ArgumentParser(description=__doc__, usage=argparse.SUPPRESS)
    at.add_argument("file")
    at.add_argument("names", nargs="*", metavar="NAME")
    at.add_argument("-o", dest="folder", default="build/figures")
    at.add_argument("--country")
    at.add_argument("--flow")
    at.add_argument("--scenario", action="append", default=[])
    say = at.parse_intermixed_args()
    strange = [name for name in say.names if name not in NAMES]
    if strange:
        at.exit(2, f"{strange[0]}: no such figure; there are {', '.join(NAMES)}\n")
    from lodestone_plots import Cannot, Result, save  # slow to load

    try:
        result = Result(say.file, say.country, say.flow, say.scenario)
    except Cannot as fault:
        at.exit(2, f"{fault}\n")
    drawn = 0
    for name in say.names or NAMES:
        try:
            os.makedirs(say.folder, exist_ok=True)
            save(*importlib.import_module(name).draw(result), os.path.join(say.folder, name))
        except Cannot as fault:
            print(f"{name}: not drawn: {fault}", file=sys.stderr)
        except OSError as fault:
            at.exit(1, f"{name}: {fault}\n")
        else:
            drawn += 1
            print(os.path.join(say.folder, name + ".pdf"))
    return 0 if drawn else 2


if __name__ == "__main__":
    sys.exit(main())
