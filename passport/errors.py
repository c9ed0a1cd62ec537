"""The one tree of errors.

An error says whose fault it is and what to do; it knows neither exit codes nor HTTP. The command
line and the broker translate it once, at their edge (DESIGN 9).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from passport.problems import Problem


class PassportError(Exception):
    """Base of all our errors; never raised itself."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(f"{message}: {remedy}" if remedy else message)
        self.message = message
        self.remedy = remedy


class IdentifierError(PassportError):
    """A text is not the identifier that it should be."""


class ValueFormatError(PassportError):
    """A text is not a value of the type that its data point asks for."""


class ConfigError(PassportError):
    """The site's settings are wrong, or the command was called with contradictory options."""


class ContentError(PassportError):
    """The content is wrong; `problems` lists everything that must be mended."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        count = len(problems)
        super().__init__(f"{count} problem{'' if count == 1 else 's'} in the content")
        self.problems = problems


class PublishError(PassportError):
    """A site can't be written as asked: a URL would vanish, or an earlier run is unfinished."""


class HostError(PassportError):
    """This machine lacks something that the command needs."""


class VerificationError(PassportError):
    """A digest, signature or identity doesn't hold; `check` names the check that it fails."""

    def __init__(self, message: str, remedy: str = "", *, check: str = "") -> None:
        super().__init__(message, remedy)
        self.check = check

    def __str__(self) -> str:
        return f"{self.check}: {super().__str__()}" if self.check else super().__str__()


class JsonError(VerificationError):
    """Bytes are not JSON that everybody reads alike."""


@contextmanager
def failing(check: str = "") -> Iterator[None]:
    """Name the check that errors from this block fail; blocks nest, as in `entry 2/signature`.

    What is no identifier or no value in what is verified is a `VerificationError` too.
    """
    try:
        yield
    except (IdentifierError, ValueFormatError) as error:
        raise VerificationError(error.message, error.remedy, check=check) from error
    except VerificationError as error:
        error.check = "/".join(filter(None, (check, error.check)))
        raise
