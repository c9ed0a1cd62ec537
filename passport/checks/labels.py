"""Label designs: tried with phones, found legible, with a way for labels that can't be read."""

from collections.abc import Iterator

from passport.checks.context import CheckContext
from passport.label_design import LabelDesign
from passport.problems import Place, Problem, Severity


def designs_are_tried(context: CheckContext) -> Iterator[Problem]:
    """A phone read a printed label from the distance that the design is made for."""
    for design in context.labels:
        yield from _dates(design, context)
        if not design.is_proven:
            yield Problem(
                _place(design),
                f"$.designs.{design.name}",
                "untried-label",
                f"no phone has read this design from {design.reading_distance:g} mm, or one failed"
                " last",
                "print it with `cellfolio labels --draft`, try it, and record device, distance,"
                " result and tested_on under tests",
                severity=Severity.WARNING,
            )


def designs_are_legible(context: CheckContext) -> Iterator[Problem]:
    """Somebody found the design legible where it will be, and knows what to do when it isn't."""
    wanted = (
        ("legibility", "nobody is recorded who found this design visible and legible",
         "write legibility: who looked at it, where on the battery, and the result"),
        ("unreadable", "nothing says what people can do with a label that can't be read",
         "write unreadable: where else the number stands, and whom to ask"),
    )  # fmt: skip
    for design in context.labels:
        for member, message, remedy in wanted:
            if not getattr(design, member):
                yield Problem(
                    _place(design),
                    f"$.designs.{design.name}",
                    f"label-{member}",
                    message,
                    remedy,
                    severity=Severity.WARNING,
                )


def _dates(design: LabelDesign, context: CheckContext) -> Iterator[Problem]:
    for number, test in enumerate(design.tests):
        path = f"$.designs.{design.name}.tests[{number}]"
        if test.tested_on is None:
            message, remedy = "the test has no day", "write tested_on: with its day"
            yield Problem(test.place, path, "undated-result", message, remedy)
        elif test.tested_on > context.as_of:
            message = f"the test of {test.tested_on.isoformat()} has not happened yet"
            remedy = "write the day on which it was made"
            yield Problem(test.place, f"{path}.tested_on", "future-validation", message, remedy)


def _place(design: LabelDesign) -> Place:
    return design.place or Place("content/labels.yaml")
