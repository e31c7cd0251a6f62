"""Says where `wgan_keras.data.load` would read NAME from, fetches it if told, and decodes a folder's pictures.

Exit status: 0 if the data is on this machine, and every picture of a folder readable; 1 if not; 2 for a name that
means nothing.
"""

import argparse
import sys

from wgan_keras.data.catalog import fetch, locate
from wgan_keras.data.dataset import DATASETS
from wgan_keras.data.folder import check_folder


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m wgan_keras.data", description=__doc__)
    parser.add_argument("name", help=f"one of {', '.join(DATASETS)}, or the path of a folder of pictures")
    parser.add_argument("--data-dir", help="where the files of an image set lie, if not in a usual place")
    parser.add_argument("--download", action="store_true", help="fetch the set if it is not on this machine")
    arguments = parser.parse_args()
    try:
        location = locate(arguments.name, arguments.data_dir)
        if location is not None and location.kind == "folder":
            report = check_folder(location.path)
            print(report)
            return 1 if report.unreadable else 0
    except (ValueError, FileNotFoundError) as error:
        parser.error(str(error))
    if location is None and arguments.download:
        try:
            location = fetch(arguments.name)
        except (ConnectionError, ImportError) as error:
            print(error)
    print(f"{arguments.name}: {location or 'not on this machine'}")
    return 1 if location is None else 0


if __name__ == "__main__":
    sys.exit(main())
