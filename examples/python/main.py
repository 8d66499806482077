"""Logs once at each level, and an exception, through SluiceLogger."""

import sys

from sluice_logger import SluiceLogger


def price_of(text):
    return float(text)


def main():
    log = SluiceLogger("python-logger")
    log.debug("1", "Reading prices", file="prices.txt")
    log.info("2", "Processing prices.txt")
    log.warning("3", "Price of SL-1004 is old", days=93)
    try:
        price_of("n/a")
    except ValueError as error:
        log.error("4", "Cannot use line 7 of prices.txt", error, line=7)
    log.critical("5", "Price of SL-1031 is below zero: -4.5", sku="SL-1031")
    log.info("6", "Done processing prices.txt")
    left = log.close()
    print(f"{log.put} of {log.logged} events put")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
