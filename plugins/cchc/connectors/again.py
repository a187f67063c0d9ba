"""Asking again: which answers are worth it, how long to wait, how often."""

from tenacity import RetryCallState, retry, retry_if_exception_type, stop_after_attempt, wait_exponential

TRIES = 5
FIRST_WAIT, LONGEST_WAIT = 0.5, 60.0  # seconds; each wait doubles
BUSY = {408, 425, 429, 500, 502, 503, 504}


class Again(Exception):
    """An answer worth asking for again; `after` as the server asked, in seconds."""

    def __init__(self, why: str, after: float | None = None):
        super().__init__(why)
        self.after = after


def busy(status: int, retry_after: str | None) -> Again:
    """What a busy answer is, with its Retry-After when that is a number of seconds."""
    return Again(f"it answers {status}", float(retry_after) if retry_after and retry_after.isdigit() else None)


def _wait(state: RetryCallState) -> float:
    failed = state.outcome.exception() if state.outcome else None
    asked = failed.after if isinstance(failed, Again) else None
    return min(asked, LONGEST_WAIT) if asked is not None else wait_exponential(multiplier=FIRST_WAIT, max=LONGEST_WAIT)(state)


asked_again = retry(retry=retry_if_exception_type(Again), stop=stop_after_attempt(TRIES), wait=_wait, reraise=True)
