"""Which worker process polls and exposes a site. Prometheus' service discovery uses the same function."""

from hashlib import blake2b

MOST_WORKERS = 64
"""Worker processes that one collector may have."""


def fraction(*words: str) -> float:
    """Return a stable, evenly spread number for some words, from 0 up to but not including 1.

    It depends on nothing but the words: not on the process, the machine or the hash seed.
    """
    digest = blake2b("\0".join(words).encode(), digest_size=6).digest()
    return int.from_bytes(digest, "big") / 2**48


def worker_of(site: str, workers: int) -> int:
    """Return the number of the worker that serves a site, from 0.

    Worker k listens on the collector's port + k. A site is never split, so each page stands on one address.

    Args:
        site: The site's slug.
        workers: How many workers the collector runs, 1 to `MOST_WORKERS`.
    """
    return int(fraction("site", site) * workers)
