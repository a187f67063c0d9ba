"""The body of a report: sentences of the outline, filled with figures."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cchc.reports.document import Block, Figure
from cchc.reports.figures import MISSING, Figures
from cchc.reports.obligations import Duty, SharedDuty, duties, shared_duties, target_words
from cchc.reports.outline import ObligationList, Outline, PartOfSection, Points
from cchc.reports.vietnamese import list_letter, number, period_words, roman

FIGURE = re.compile(r"\{(?P<measure>\w+)(?:\[(?P<dim>[^\]]*)\])?(?:\.(?P<part>\w+))?\}")
NOTHING = "Nội dung này chưa có số liệu trong bản chốt; đề nghị đơn vị soạn thảo bổ sung."


@dataclass(frozen=True)
class _Sentence:
    text: str
    figures: tuple[str, ...]


def body(outline: Outline, figures: Figures, unit: str) -> tuple[Block, ...]:
    """Sections I-V for `unit`; a part that no figure fills says so and asks for it."""
    return tuple(_blocks(outline, figures, unit))


def _blocks(outline: Outline, figures: Figures, unit: str) -> Iterator[Block]:
    for place, section in enumerate(outline.sections, 1):
        yield Block("h1", f"{roman(place)}. {section.title.upper()}")
        for count, part in enumerate(section.parts, 1):
            if part.title:
                yield Block("h2", f"{count}. {part.title}")
            yield from list(_part(part, figures, unit)) or [Block("p", NOTHING)]


def _part(part: PartOfSection, figures: Figures, unit: str) -> Iterator[Block]:
    for position, line in enumerate(part.lines):
        if isinstance(line, ObligationList):
            yield from _obligations(line, figures, unit)
        elif isinstance(line, Points):
            yield from _points(line, figures, unit)
        elif (said_one := _sentence(line, figures, unit)) and not _leads_nowhere(part, position, figures, unit):
            yield Block("p", said_one.text, said_one.figures)


def _points(line: Points, figures: Figures, unit: str) -> Iterator[Block]:
    """a) ...; b) ...; đ) ... . Letters and marks follow what is printed, not what was written."""
    said = [one for text in line.points if (one := _sentence(text, figures, unit))]
    for position, one in enumerate(said, 1):
        end = "." if position == len(said) else ";"
        yield Block("p", f"{list_letter(position)}) {one.text.rstrip('.;')}{end}", one.figures)


def _leads_nowhere(part: PartOfSection, position: int, figures: Figures, unit: str) -> bool:
    """A sentence that ends on a colon stands only before points of which at least one is printed."""
    after = part.lines[position + 1] if position + 1 < len(part.lines) else None
    if not isinstance(after, Points) or not str(part.lines[position]).endswith(":"):
        return False
    return not any(_sentence(text, figures, unit) for text in after.points)


def _sentence(template: str, figures: Figures, unit: str) -> _Sentence | None:
    """The sentence with its figures printed; None when the release has one of them not at all."""
    places = list(FIGURE.finditer(template))
    found = [figures.get(place["measure"], unit, place["dim"] or "") for place in places]
    known = [figures.keep(figure) for figure in found if figure]
    if len(known) < len(places):
        return None
    ids = tuple(dict.fromkeys(figure.figure for figure in known))
    if unsaid := list(dict.fromkeys(figure.title_vi for figure in known if figure.status == MISSING)):
        return _Sentence(f"Chưa thu thập được số liệu: {'; '.join(unsaid)}.", ids)
    if empty := list(dict.fromkeys(figure.title_vi for figure in known if figure.value is None)):
        return _Sentence(f"Không phát sinh trong kỳ: {'; '.join(empty)}.", ids)
    parts = iter(zip(places, known, strict=True))
    text = FIGURE.sub(lambda _: _printed(*next(parts)), template)
    return _Sentence(text + _borrowed(known, figures.release.period), ids)


def _printed(place: re.Match[str], figure: Figure) -> str:
    """The figure's own text, or its part's: the same that the annex prints."""
    if place["part"] == "fraction":
        return figure.printed_fraction
    if place["part"] == "numerator":
        return number(figure.numerator)
    return figure.printed


def _borrowed(known: list[Figure], period: str) -> str:
    other = next((figure.period for figure in known if figure.period != period), None)
    return f" (Số liệu của {period_words(other)}, tính đến thời điểm chốt.)" if other else ""


def _obligations(wanted: ObligationList, figures: Figures, unit: str) -> Iterator[Block]:
    own = [duty for duty in duties(figures, unit) if duty.status in wanted.obligations]
    said = [(_duty(duty), (duty.figure.figure,) if duty.figure else ()) for duty in own]
    said += [(text, ()) for text in _of_agencies(wanted, figures, unit)]
    if said:
        yield Block("p", wanted.intro)
    for position, (text, ids) in enumerate(said, 1):
        yield Block("p", f"- {text}{'.' if position == len(said) else ';'}", ids)


def _of_agencies(wanted: ObligationList, figures: Figures, unit: str) -> list[str]:
    """Agencies' duties, each once with all its clauses: met = by all who owe it, not_met = by one at least missed."""
    clauses: dict[tuple[str, str], list[str]] = {}
    said: dict[tuple[str, str], SharedDuty] = {}
    for duty in shared_duties(figures, unit):
        stands = "not_met" if duty.counts["not_met"] else "no_data" if duty.counts["no_data"] else "met" if duty.counts["met"] else ""
        if stands in wanted.obligations and any(row.target_kind != "information" for row in duty.rows):
            key = (duty.rows[0].obligation, duty.rows[0].measure)
            said[key] = duty
            clauses.setdefault(key, []).append(f"{duty.rows[0].directive} {duty.rows[0].clause}")
    return [f"{duty.words}: {len(duty.rows)} đơn vị, {duty.counted()} ({'; '.join(clauses[key])})" for key, duty in said.items()]


def _duty(duty: Duty) -> str:
    where = "; ".join(dict.fromkeys(f"{directive} {clause}" for directive, clause in duty.clauses))
    if duty.status == "no_data" or duty.figure is None:
        return f"{duty.duty_vi} ({where})"
    return f"{duty.duty_vi}: {_small(duty.figure.title_vi)} {duty.figure.printed}, mục tiêu {target_words(duty.row, duty.figure)} ({where})"


def _small(title: str) -> str:
    """A title inside a sentence: only its first letter loses the capital, names keep theirs."""
    return title[0].lower() + title[1:]
