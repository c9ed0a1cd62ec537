"""Members of a mapping, and the slips that people make in them."""

from generator.content.yaml.members import read_text
from generator.content.yaml.strict_yaml import read_yaml
from passport.problems import Findings


def test_a_text_cut_by_a_comma_says_so() -> None:
    findings = Findings()
    node = read_yaml(b"{en: lead, and acid, de: Blei}\n", "m.yaml", findings)
    assert node is not None

    read_text(node, "$.title", "en", findings)

    (problem,) = findings.problems
    assert str(problem) == (
        "m.yaml:1:12: $.title: 'and acid' stands alone: "
        "a comma ends a text within { }: put the whole text in quotes"
    )
