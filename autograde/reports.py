"""What people receive: ``results.json``, ``junit.xml``, feedback as Markdown and HTML, and the gradebook. Written atomically."""

import csv
import html
import io
import json
import os
import re
import tempfile
import xml.etree.ElementTree as ET
from collections import Counter
from itertools import groupby
from pathlib import Path

from autograde import COURSE_VERSION, in_order, plain_text

MAX_NAME = 200  # bytes: a file name has at most 255, and a number may follow
UNSAFE = "This was graded without a sandbox: the submission's code could have changed its own result."


def safe_name(name: str) -> str:
    """A name that is a plain file name, and that no spreadsheet takes for a formula."""
    plain = re.sub(r"[^\w.,@ -]", "_", plain_text(name)).strip(" .-@")
    return plain.encode()[:MAX_NAME].decode(errors="ignore") or "submission"


def write(path: Path, text: str, mode: int = 0o644) -> None:
    """Write a file so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)


def read_record(folder: Path, key: str) -> dict | None:
    """The record that was written, if it was made from the same submission, course and seed."""
    try:
        record = json.loads((folder / "record.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) and record.get("key") == key else None


def write_one(folder: Path, record: dict) -> None:
    """All files of one submission; ``record.json``, by which it is known as done, is the last."""
    write(folder / "results.json", json.dumps(gradescope(record), indent=1) + "\n")
    write(folder / "junit.xml", junit(record))
    write(folder / "feedback.md", feedback(record))
    write(folder / "feedback.html", page(record))
    write(folder / "record.json", json.dumps(record, sort_keys=True) + "\n")


def totals(record: dict) -> tuple[int, int]:
    """Points earned and points to be had."""
    return sum(each["score"] for each in record["exercises"]), sum(each["points"] for each in record["exercises"])


def explanation(exercise: dict) -> str:
    """Why an exercise is not passed, and the hint."""
    hint = f"Hint: {exercise['hint']}" if exercise.get("hint") else ""
    return "\n".join(part for part in (exercise["message"], hint) if part)


def explanations(record: dict) -> list[tuple[dict, str]]:
    """The exercises that have one to show; where it is word for word that of an earlier one, it is named only."""
    found, first = [], {}
    for each in record["exercises"]:
        if each["status"] in ("failed", "unchecked"):
            found.append((each, told_once(explanation(each), each["id"], first)))
    return found


def told_once(text: str, id: str, first: dict[str, str]) -> str:
    """The text of an exercise, or which one before it has the same: ``first`` keeps whose each text was."""
    earlier = first.setdefault(text, id)
    return text if earlier == id else f"As for {earlier}."


def gradescope(record: dict) -> dict:
    """The results in Gradescope's format."""
    tests = [
        {
            "number": each["id"],
            "name": f"{each['id']} {each['title']}",
            "score": each["score"],
            "max_score": each["points"],
            "status": "passed" if each["status"] == "passed" else "failed",
            "output": f"{each['status']}\n{explanation(each)}".strip(),
        }
        for each in record["exercises"]
    ]
    tests += [
        {
            "number": each["id"],
            "name": f"{each['id']} in the notebook (no points)",
            "score": 0,
            "max_score": 0,
            # Gradescope knows these two alone: what nobody has begun is neither.
            **({"status": each["status"]} if each["status"] in ("passed", "failed") else {}),
            "output": f"{each['status']}\n{each['message']}".strip(),
        }
        for each in record["notebooks"]
    ]
    return {
        "score": totals(record)[0],
        "output": "\n".join([*record["remarks"], *([UNSAFE] if record["unsafe"] else [])]),
        "tests": tests,
        "extra_data": {
            "exercises": {each["id"]: each["status"] for each in record["exercises"]},
            "notebooks": {each["id"]: each["status"] for each in record["notebooks"]},
            "course_version": COURSE_VERSION,
            "sandbox": not record["unsafe"],
        },
    }


def junit(record: dict) -> str:
    """The results for a CI system: one case an exercise; blank and unchecked ones are skipped."""
    suite = ET.Element("testsuite", name=record["name"], tests=str(len(record["exercises"])))
    for each in record["exercises"]:
        case = ET.SubElement(
            suite, "testcase", classname=f"chapter {each['id'].partition('.')[0]}", name=f"{each['id']} {each['title']}"
        )
        if each["status"] == "failed":
            ET.SubElement(case, "failure", message=_xml(each["message"].partition("\n")[0])).text = _xml(explanation(each))
        elif each["status"] != "passed":
            ET.SubElement(case, "skipped", message=_xml(f"{each['status']}: {each['message']}"))
    counts = Counter(each["status"] for each in record["exercises"])
    suite.set("failures", str(counts["failed"]))
    suite.set("skipped", str(counts["blank"] + counts["unchecked"]))
    return ET.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def _xml(text: str) -> str:
    """Without the characters that XML does not have."""
    return re.sub(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "?", text)


def feedback(record: dict) -> str:
    """What the student reads, as Markdown: points, and for each wrong answer what was asked, answered and wanted."""
    score, points = totals(record)
    lines = [f"# {_plain(record['name'])}: {score} of {points} points", ""]
    lines += [f"**{UNSAFE}**", ""] if record["unsafe"] else []
    lines += [f"- {_plain(remark)}" for remark in record["remarks"]] + ([""] if record["remarks"] else [])
    lines += ["| exercise | | status | points |", "|---|---|---|---|"]
    lines += [
        f"| {each['id']} | {_plain(each['title'])} | {each['status']} | {each['score']}/{each['points']} |"
        for each in record["exercises"]
    ]
    for each, text in explanations(record):
        lines += ["", f"## {each['id']} {_plain(each['title'])}: {each['status']}", "", *_quoted(text)]
    if record["notebooks"]:
        right = sum(each["status"] == "passed" for each in record["notebooks"])
        lines += ["", f"## Notebooks: {right} of {len(record['notebooks'])} print what is wanted (no points)", ""]
        for each in record["notebooks"]:
            lines += [f"- {each['id']}: {each['status']}", *(f"  {line}" for line in _quoted(each["message"]))]
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """One line in which Markdown and HTML have nothing to read."""
    return re.sub(r"([\\`*_{}\[\]<>|#])", r"\\\1", " ".join(text.split()))


def _quoted(text: str) -> list[str]:
    """A block of code, which nothing in the text can end."""
    if not text:
        return []
    fence = "`" * max(3, 1 + max(map(len, re.findall(r"`+", text)), default=0))
    return [f"{fence}text", *text.splitlines(), fence]


def page(record: dict) -> str:
    """The same as a page of its own, without scripts or anything from elsewhere."""
    score, points = totals(record)
    rows = "".join(
        f"<tr><td>{each['id']}</td><td>{html.escape(each['title'])}</td><td class='{each['status']}'>{each['status']}</td>"
        f"<td>{each['score']}/{each['points']}</td></tr>"
        for each in record["exercises"]
    )
    details = "".join(
        f"<h2>{each['id']} {html.escape(each['title'])}: {each['status']}</h2><pre>{html.escape(text)}</pre>"
        for each, text in explanations(record)
    )
    notebooks = "".join(
        f"<li>{each['id']}: {each['status']}"
        + (f"<pre>{html.escape(each['message'])}</pre>" if each["message"] else "")
        + "</li>"
        for each in record["notebooks"]
    )
    remarks = [*record["remarks"], *([UNSAFE] if record["unsafe"] else [])]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{html.escape(record['name'])}</title><style>{STYLE}</style></head><body><main>"
        f"<h1>{html.escape(record['name'])}: {score} of {points} points</h1>"
        + "".join(f"<p class='remark'>{html.escape(remark)}</p>" for remark in remarks)
        + "<table><thead><tr><th>exercise</th><th>what</th><th>status</th><th>points</th></tr></thead>"
        + f"<tbody>{rows}</tbody></table>"
        + details
        + (f"<h2>Notebooks (no points)</h2><ul>{notebooks}</ul>" if notebooks else "")
        + "</main></body></html>\n"
    )


STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:0;padding:1rem;color:#1c1c1c;background:#fff}main{max-width:52rem;"
    "margin:auto;overflow-wrap:anywhere}table{border-collapse:collapse;width:100%}th,td{text-align:left;overflow-wrap:normal;padding:.3rem;"
    "border-bottom:1px solid #d0d0d0}pre{background:#f3f3f3;padding:.7rem;overflow-x:auto;white-space:pre-wrap}"
    "h2{font-size:1.1rem;margin-top:1.6rem}.passed{color:#116329}.failed{color:#b3261e}.blank,.unchecked{color:#5a5a5a}"
    ".remark{border-left:4px solid #b3261e;padding-left:.6rem}@media(prefers-color-scheme:dark){body{color:#e6e6e6;"
    "background:#16181c}pre{background:#22252b}th,td{border-color:#444}.passed{color:#6fdd8b}.failed{color:#ff8a80}"
    ".blank,.unchecked{color:#b5b5b5}}"
)


def write_gradebook(path: Path, records: list[dict]) -> None:
    """``gradebook.csv``: one row a submission, one column an exercise, the notebooks without points, and the total."""
    ids = sorted({each["id"] for record in records for each in record["exercises"]}, key=in_order)
    books = sorted({each["id"] for record in records for each in record["notebooks"]}, key=in_order)
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["name", *ids, "total", "points", *(f"notebook {id}" for id in books), "remarks"])
    for record in records:
        scores = {each["id"]: each["score"] for each in record["exercises"]}
        matched = {each["id"]: each["status"] for each in record["notebooks"]}
        remarks = " ".join([*record["remarks"], *([UNSAFE] if record["unsafe"] else [])])
        row = [
            record["name"],
            *(scores.get(id, "") for id in ids),
            *totals(record),
            *(matched.get(id, "") for id in books),
            remarks,
        ]
        table.writerow([f"'{cell}" if str(cell).startswith(("=", "+", "-", "@", "\t", "\r")) else cell for cell in row])
    write(path, text.getvalue())


def summary(records: list[dict]) -> list[str]:
    """For the teacher: the distribution, what nobody passed, and who needs a look."""
    if not records:
        return ["nothing was graded"]
    lines = [f"{len(records)} submission{'s' if len(records) > 1 else ''}"]
    percent = [100 * score // points if points else 0 for score, points in map(totals, records)]
    for low in range(0, 100, 20):
        count = sum(low <= value < low + 20 or (low == 80 and value == 100) for value in percent)
        lines.append(f"  {low:>3} to {low + 19 + (low == 80):<3} %  {count:>4}  {'█' * round(40 * count / len(records))}")
    statuses = [{each["id"]: each["status"] for each in record["exercises"]} for record in records]
    ids = sorted({id for status in statuses for id in status}, key=in_order)
    nobody = [id for id in ids if not any(status.get(id) == "passed" for status in statuses)]
    if nobody:
        lines.append(f"passed by nobody: {', '.join(_by_chapter(nobody, ids))}")
    for record in records:
        why = needs_a_look(record)
        if why:
            lines.append(f"needs a look: {record['name']}: {why}")
    return lines


def _by_chapter(some: list[str], all_ids: list[str]) -> list[str]:
    """Exercises by number, and chapters of which every one is among them by theirs."""

    def of(chapter: str, ids: list[str]) -> list[str]:
        return [id for id in ids if id.partition(".")[0] == chapter]

    chapters = dict.fromkeys(id.partition(".")[0] for id in some)
    whole = [chapter for chapter in chapters if of(chapter, some) == of(chapter, all_ids)]
    rest = [id for id in some if id.partition(".")[0] not in whole]
    if not whole:
        return rest
    runs = [[chapter for _, chapter in run] for _, run in groupby(enumerate(whole), lambda pair: int(pair[1]) - pair[0])]
    named = [run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs]
    return [*rest, f"all that was asked of chapter{'s' if len(whole) > 1 else ''} {', '.join(named)}"]


def needs_a_look(record: dict) -> str:
    """Why a teacher should open a submission, or "" if there is nothing odd about it."""
    if record["remarks"]:
        return record["remarks"][0]
    return next((f"{each['id']}: {each['odd']}" for each in record["exercises"] if each["odd"]), "")
