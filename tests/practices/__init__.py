"""Exports as practice systems write them: invented systems, each with headers, words and an order of its own.

Persons are nobody's: their CPR numbers say that they were born in 2040.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from icpc_cli.advice import obligation
from icpc_cli.guideline import Guideline
from icpc_cli.model import Condition, Course, Status

CODES = {
    Condition.CERVICAL_NERVE_ROOT: "L83",
    Condition.LUMBAR_NERVE_ROOT: "L86",
    Condition.LUMBAR_STENOSIS: "L84",
    Condition.HIP_OSTEOARTHRITIS: "L89",
    Condition.KNEE_OSTEOARTHRITIS: "L90",
    Condition.PRIMARY_LOW_BACK_PAIN: "L03",
    Condition.OTHER: "L92",
}
NAMES = ("Anna Opdigtet", "Bo Påhit", "Carl Prøvesen", "Dorte Testrup", "Erik Eksempel", "Frida Fiktivsen")


@dataclass(frozen=True)
class Practice:
    """A system: (header, what its cells hold) in order, the words it writes, and what it does otherwise.

    What a column holds is a role of a check, or one of ``name``, ``phone``, ``amount``, ``born``, ``changed``,
    ``status``, ``end``, ``service_text``. ``first``: what stands on a course's first row only.
    """

    name: str
    columns: tuple[tuple[str, str], ...]
    course: Mapping[Course, str]
    conditions: Mapping[Condition, str]
    specialty: str = "{}"
    day: str = "%d-%m-%Y"
    delimiter: str = ";"
    first: tuple[str, ...] = ()
    by_course: bool = False
    coded: bool = True


@dataclass(frozen=True)
class Made:
    """An export's text, and the rows on which a course that must be coded and is not ends."""

    text: str
    uncoded: frozenset[int]


ENGLISH = {
    Condition.CERVICAL_NERVE_ROOT: "Cervical radiculopathy", Condition.LUMBAR_NERVE_ROOT: "Sciatica",
    Condition.LUMBAR_STENOSIS: "Lumbar spinal stenosis", Condition.HIP_OSTEOARTHRITIS: "Osteoarthritis of the hip",
    Condition.KNEE_OSTEOARTHRITIS: "Osteoarthritis of the knee", Condition.PRIMARY_LOW_BACK_PAIN: "Low back pain",
    Condition.OTHER: "Other",
}  # fmt: skip
DANISH = {
    Condition.CERVICAL_NERVE_ROOT: "Cervikal radikulopati", Condition.LUMBAR_NERVE_ROOT: "Iskias",
    Condition.LUMBAR_STENOSIS: "Spinalstenose", Condition.HIP_OSTEOARTHRITIS: "Hofteartrose",
    Condition.KNEE_OSTEOARTHRITIS: "Knæartrose", Condition.PRIMARY_LOW_BACK_PAIN: "Lændesmerter",
    Condition.OTHER: "Skulderimpingement",
}  # fmt: skip
SHORT = {
    Condition.CERVICAL_NERVE_ROOT: "cerv. radikulopati", Condition.LUMBAR_NERVE_ROOT: "Lumbal rodpåv.",
    Condition.LUMBAR_STENOSIS: "lumbal stenose", Condition.HIP_OSTEOARTHRITIS: "Coxartrose dxt.",
    Condition.KNEE_OSTEOARTHRITIS: "Gonartrose sin.", Condition.PRIMARY_LOW_BACK_PAIN: "Primære lændesmerter",
    Condition.OTHER: "Tennisalbue",
}  # fmt: skip
PLAIN = {Course.STRUCTURED: "Struktureret", Course.OTHER: "Andet"}
BRIEF = {Course.STRUCTURED: "Str.", Course.OTHER: "Alm."}
ASKED = {Course.STRUCTURED: "ja", Course.OTHER: "nej"}

PRACTICES = (
    Practice(
        "plain",
        (("Konsultationsdato", "date"), ("Patientnr", "id"), ("Speciale", "specialty"), ("Forløbstype", "course"),
         ("Problemstilling", "condition"), ("ICPC", "code")),
        PLAIN, DANISH,
    ),
    Practice(
        "shortened",
        (("Pt.", "patient"), ("Kons. dato", "date"), ("Spec. nr.", "specialty"), ("Beh.", "therapist"),
         ("Forl.type", "course"), ("Henv. diagnose", "condition"), ("Dg.kode", "code"), ("Tlf.", "phone")),
        {Course.STRUCTURED: "Strukt.", Course.OTHER: "Alm."}, SHORT, day="%d.%m.%y",
    ),
    Practice(
        "package",
        (("Cpr", "patient"), ("Navn", "name"), ("Mobil", "phone"), ("Behandlingsdag", "date"),
         ("Sygesikr. speciale", "specialty"), ("Pakke", "course"), ("Årsag", "condition"), ("ICPC2", "code"),
         ("Fys.", "therapist"), ("Pris", "amount")),
        PLAIN, DANISH, first=("course", "condition"), specialty="{} fysioterapi",
    ),
    Practice(
        "english",
        (("Client no.", "id"), ("Visit date", "date"), ("Specialty", "specialty"), ("Course type", "course"),
         ("Problem", "condition"), ("Code", "code"), ("Therapist", "therapist"), ("Fee", "amount")),
        {Course.STRUCTURED: "Structured", Course.OTHER: "Other"}, ENGLISH, day="%Y-%m-%d", delimiter=",",
    ),
    Practice(
        "machine",
        (("tlf_nr", "phone"), ("icpc_kode", "code"), ("diagnose", "condition"), ("type_forloeb", "course"),
         ("spec_kode", "specialty"), ("dato_beh", "date"), ("pt_id", "id"), ("init", "therapist")),
        {Course.STRUCTURED: "struktureret forløb", Course.OTHER: "almindeligt forløb"}, DANISH, day="%Y-%m-%d",
        delimiter="\t",
    ),
    Practice(
        "asking",
        (("CPR/ID", "patient"), ("Besøgt den", "date"), ("Overenskomst/speciale", "specialty"),
         ("Struktureret?", "course"), ("Henvist for", "condition"), ("Kode (ICPC-2)", "code"),
         ("Patientens navn", "name")),
        ASKED, DANISH, specialty="{} - sygesikring",
    ),
    Practice(
        "services",
        (("CPR-nr.", "patient"), ("Ydelsesdato", "date"), ("Ydelsesnr.", "service"), ("Ydelsestekst", "service_text"),
         ("Speciale", "specialty"), ("Diagnose", "condition"), ("ICPC-kode", "code"), ("Beløb i alt", "amount")),
        PLAIN, DANISH,
    ),
    Practice(
        "a-row-a-course",
        (("Patient-ID", "id"), ("Startdato", "date"), ("Slutdato", "end"), ("Antal konsultationer", "consultation"),
         ("Spec.", "specialty"), ("Forløbsart", "course"), ("Henvisningsårsag", "condition"), ("ICPC kode", "code"),
         ("Forløbsstatus", "status")),
        {Course.STRUCTURED: "Struktureret forløb", Course.OTHER: "Andet forløb"}, SHORT, by_course=True,
    ),
    Practice(
        "diary",
        (("Klient nr", "id"), ("Aftaletidspunkt", "date"), ("Aftale", "specialty"), ("Type", "course"),
         ("Kontaktårsag", "condition"), ("Dx (ICPC)", "code"), ("Mobilnummer", "phone")),
        BRIEF, DANISH, day="%d-%m-%Y 09:30", specialty="{} Fysioterapi", first=("course", "condition"),
    ),
    Practice(
        "not-begun",
        (("CPR nummer", "patient"), ("Dato for behandling", "date"), ("Specialenummer", "specialty"),
         ("Forl. type", "course"), ("Aktionsdiagnose", "condition"), ("Fornavn", "name"), ("Efternavn", "name")),
        PLAIN, DANISH, coded=False, day="%d/%m/%Y",
    ),
    Practice(
        "many-days",
        (("Oprettet", "changed"), ("Fødselsdato", "born"), ("Beh.dato", "date"), ("Ændret den", "changed"),
         ("Personnr.", "patient"), ("Specialekode", "specialty"), ("Forløbskat.", "course"), ("Problem", "condition"),
         ("Diagn.kode", "code"), ("Adresse", "name")),
        PLAIN, DANISH,
    ),
    Practice(
        "nothing-coded",
        (("Borger", "id"), ("Konsult.dato", "date"), ("Spec", "specialty"), ("Forl.", "course"),
         ("Tilst.", "condition"), ("Diagn. kode", "no_code"), ("Egenbetaling", "amount")),
        PLAIN, DANISH, day="%d/%m-%y",
    ),
)  # fmt: skip


def export(practice: Practice, guideline: Guideline, courses: int = 40) -> Made:
    """An export of the practice: the same for the same practice."""
    random = Random(practice.name)
    rows: list[tuple[date, int, dict[str, str]]] = []
    uncoded = set()
    for number in range(courses):
        course, condition = random.choice(list(practice.course)), random.choice(list(practice.conditions))
        specialty = random.choice(("51", "51", "51", "57", "62"))
        holds = obligation(guideline, specialty, course, (condition,)).status is Status.MANDATORY
        consultations = random.randint(1, 5)
        coded = practice.coded and random.random() < 0.6
        if any(held == "no_code" for _, held in practice.columns):
            coded = False
        if holds and not coded and consultations > 1:
            uncoded.add(number)
        day = date(2026, 3, 2) + timedelta(days=random.randint(0, 20))
        visits = [day + timedelta(days=4 * visit) for visit in range(consultations)]
        for visit, when in enumerate(visits[:1] if practice.by_course else visits):
            cells = {
                "patient": f"{1 + number % 28:02}0140-{5000 + number}",
                "id": str(10400 + number),
                "date": when.strftime(practice.day),
                "end": visits[-1].strftime(practice.day),
                "changed": date(2026, 5, 1).strftime(practice.day),
                "born": f"{1 + number % 28:02}-01-2040",
                "specialty": practice.specialty.format(specialty),
                "therapist": random.choice(("AB", "KLM", "TJ")),
                "course": practice.course[course],
                "condition": practice.conditions[condition],
                "consultation": str(consultations),
                "service": ("0110" if course is Course.STRUCTURED else "0210") if visit == 0 else "0111"
                if course is Course.STRUCTURED else "0211",
                "service_text": f"{'Struktureret' if course is Course.STRUCTURED else 'Andet'} forløb, konsultation",
                "code": CODES[condition] if coded and visit == 0 else "",
                "no_code": "",
                "name": random.choice(NAMES),
                "phone": str(20000000 + number),
                "amount": "126.40" if practice.delimiter == "," else "126,40",
                "status": "Afsluttet",
            }  # fmt: skip
            if visit:
                cells |= dict.fromkeys(practice.first, "")
            rows.append((when, number, cells))
    rows.sort(key=lambda row: row[0])
    lines = [practice.delimiter.join(header for header, _ in practice.columns)]
    last: dict[int, int] = {}
    for place, (_, number, cells) in enumerate(rows, start=2):
        last[number] = place
        lines.append(practice.delimiter.join(cells[held] for _, held in practice.columns))
    return Made("\n".join(lines) + "\n", frozenset(last[number] for number in uncoded))
