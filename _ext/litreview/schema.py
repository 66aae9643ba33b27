"""The one declaration of the records: every field of a paper, model, licence and source page.

Validation, JSON Schema, the field reference, the card on each page, table and database columns are all read off these
classes (see `specification.py`). A record is a plain mapping of JSON values, as typed here; a field that nobody has
looked up is absent. Order matters: cards, scaffolds and exports keep it.
"""

# No `from __future__ import annotations` here: it would have every annotation compiled again when the classes are made,
# a tenth of a second on every run.

from typing import Annotated, Any, TypeVar

from typing_extensions import TypedDict

from . import vocabularies as words
from .specification import OneOrFamilies, about
from .values import (
    ANTHOLOGY,
    ARXIV,
    DOI,
    LABEL,
    LANGUAGE,
    OPENREVIEW,
    SPDX,
    Absent,
    Amount,
    Date,
    LicenseName,
    Period,
    PersonName,
    Reference,
    Text,
    Url,
)

_Class = TypeVar("_Class", bound=type)


def _strict(declared: _Class) -> _Class:
    """Have pydantic refuse unknown fields: what its `with_config` does, without importing it for reviews that have no fault."""
    declared.__pydantic_config__ = {"extra": "forbid"}  # type: ignore[attr-defined]
    return declared


TextValue = Annotated[str, Text()]
AmountValue = Annotated[Any, Amount()]
DateValue = Annotated[str, Date()]
PeriodValue = Annotated[str, Period()]
PersonValue = Annotated[str, PersonName()]
UrlValue = Annotated[str, Url()]
LabelValue = Annotated[str, LABEL]
LicenseValue = Annotated[str, LicenseName()]
YesNoValue = Annotated[str, words.YES_NO]
BaseModelRef = Annotated[str, Reference(("model",), variant=True)]
UpstreamRef = Annotated[str, Reference(("paper", "model", "source"), variant=True)]

# --- What every page has -----------------------------------------------------------------------------------------------

Links = TypedDict("Links", {
    "paper": Annotated[UrlValue, about("Paper", "Where the work itself is read: proceedings page, preprint or post.")],
    "arxiv": Annotated[str, ARXIV, about("arXiv", "The arXiv id, without a version unless a version is meant.")],
    "doi": Annotated[str, DOI, about("DOI", "The DOI, without a resolver in front.")],
    "anthology": Annotated[str, ANTHOLOGY, about("ACL Anthology", "The id in the ACL Anthology.")],
    "openreview": Annotated[str, OPENREVIEW, about("OpenReview", "The forum id.")],
    "home": Annotated[UrlValue, about("Home page", "The project's, site's or licence's own page.")],
    "blog": Annotated[UrlValue, about("Post", "An announcement by the authors.")],
    "code": Annotated[UrlValue, about("Code", "The repository.")],
    "data": Annotated[UrlValue, about("Data", "Where the data are downloaded.")],
    "weights": Annotated[UrlValue, about("Weights", "Where the weights are downloaded.")],
    "model_card": Annotated[UrlValue, about("Model card", "The developer's model card.")],
    "docs": Annotated[UrlValue, about("Documentation", "The provider's documentation.")],
}, total=False)  # fmt: skip
_strict(Links)

Document = TypedDict("Document", {
    "url": Annotated[UrlValue, about("Address", "Where the document is; with a commit or version where it can change.", required=True)],
    "title": Annotated[TextValue, about("Title", "What the document is, where its address does not tell.")],
    "first_hand": Annotated[YesNoValue, about("First-hand", "yes only if the document itself or a full copy of it was read.", required=True)],
    "read": Annotated[str, words.READ, about("Read", "How much of it was read; `whole` where this is left out.")],
    "copy": Annotated[UrlValue, about("Copy read", "The full copy that was read, where it was not the address itself.")],
    "quoted_by": Annotated[UrlValue, about("Quoted by", "Where the words were read, if only in somebody else's quotation.")],
    "checked": Annotated[DateValue, about("Checked", "The day it was read.", required=True)],
    "note": Annotated[TextValue, about("Note", "Anything a later reader must know about this document.")],
}, total=False)  # fmt: skip
_strict(Document)

Evidence = TypedDict("Evidence", {
    "for": Annotated[list[TextValue], about("For", "The field or fields it proves; a path covers what lies under it.", required=True)],
    "in": Annotated[LabelValue, about("In", "The label of a document in `references`.", required=True, missing="evidence-reference")],
    "at": Annotated[
        TextValue,
        about("At", "The place in it: section, table, page, file, heading; for `not-stated`, what was searched.", required=True, missing="evidence-place"),
    ],
    "says": Annotated[TextValue, about("Says", "What this source says, where it disagrees with the value on the page.")],
    "until": Annotated[DateValue, about("Until", "When the source ceased to say so, where it was changed.")],
    "quote": Annotated[TextValue, about("Quotation", "At most 20 words, verbatim.")],
    "note": Annotated[TextValue, about("Note", "How the words prove the value, where that needs saying.")],
}, total=False)  # fmt: skip
_strict(Evidence)


@_strict
class Listed(TypedDict, total=False):
    mark: Annotated[str, words.FIRST_LIST_MARK, about("Mark", "The mark that the first list gave.")]


@_strict
class Correction(TypedDict, total=False):
    field: Annotated[TextValue, about("Field", "The field concerned.", required=True)]
    listed: Annotated[TextValue, about("The first list said", "What the first list said, in short.", required=True)]
    found: Annotated[TextValue, about("Found", "What the sources say, where the field's value alone does not show it.")]


ReferencesField = Annotated[dict[LabelValue, Document], about("References", "Each document once, under a label that evidence uses.", fact=False)]
EvidenceField = Annotated[list[Evidence], about("Evidence", "What proves the values: document, place and a short quotation.", fact=False)]
CorrectionsField = Annotated[list[Correction], about("Corrections", "Where the list this review grew from was wrong or is out of date.", fact=False)]
ListedField = Annotated[Listed, about("First list", "What the list this review grew from said.", fact=False)]
TitleField = Annotated[TextValue, about("Title", "The full title, as its authors write it.", required=True, fact=False)]
ShortField = Annotated[TextValue, about("Short name", "The name by which people speak of it; unique among pages of its kind.", required=True, fact=False)]
AlsoKnownAsField = Annotated[list[TextValue], about("Also known as", "Other names people search for.", fact=False)]
SummaryField = Annotated[TextValue, about("Summary", "One sentence, ours.", required=True, fact=False)]
LinksField = Annotated[Links, about("Links", "Identifiers and addresses.", fact=False)]

# --- Data, training, releases: shared by papers, models and sources ----------------------------------------------------

DataSource = TypedDict("DataSource", {
    "kind": Annotated[str, words.SOURCE_OF_DATA, about("Kind", "Where it came from.", required=True)],
    "from": Annotated[list[UpstreamRef], about("From", "The pages of the data set, model or site it came from.")],
    "parts": Annotated[list[LabelValue], about("Parts", "Which of that page's own labelled sources were taken, where not all.")],
    "role": Annotated[str, words.ROLE_OF_DATA, about("Role", "What it contributes.", required=True)],
    "what": Annotated[TextValue, about("What", "What was taken or made, in a few words of ours.")],
    "amount": Annotated[AmountValue, Absent(), about("Amount", "How many examples it contributes.")],
    "count": Annotated[AmountValue, Absent(), about("Data sets", "How many data sets or tasks, where it is a collection.")],
    "licenses": Annotated[
        dict[Annotated[str, words.ANSWER], AmountValue],
        about("Licences by answer", "For a collection: how many of its data sets allow commercial use, by answer, where a list was published."),
    ],
    "released": Annotated[str, words.YES_NO_MIXED, about("In the release", "Whether it is part of the released data (seeds often are not).")],
    "generated": Annotated[PeriodValue, Absent(), about("Generated", "When; terms of that time apply. Otherwise `data.generated` holds.")],
    "service": Annotated[str, words.SERVICE, about("Service", "Through which service of the provider it was generated.")],
}, total=False)  # fmt: skip
_strict(DataSource)


@_strict
class Counts(TypedDict, total=False):
    instructions: Annotated[AmountValue, Absent(), about("Instructions", "Distinct instructions.")]
    instances: Annotated[AmountValue, Absent(), about("Instances", "Examples: instruction, input and output together.")]
    tasks: Annotated[AmountValue, Absent(), about("Tasks", "Tasks, as the authors count them.")]
    datasets: Annotated[AmountValue, Absent(), about("Data sets", "Data sets gathered.")]
    templates: Annotated[AmountValue, Absent(), about("Templates", "Prompt templates.")]
    conversations: Annotated[AmountValue, Absent(), about("Conversations", "Conversations or conversation trees.")]
    messages: Annotated[AmountValue, Absent(), about("Messages", "Single messages of conversations.")]
    preference_pairs: Annotated[AmountValue, Absent(), about("Preference pairs", "Comparisons between answers.")]
    tokens: Annotated[AmountValue, Absent(), about("Tokens", "Tokens of the instruction data.")]


@_strict
class _Origin(TypedDict, total=False):
    sources: Annotated[
        dict[LabelValue, DataSource],
        Absent(),
        about("Resource of instruction data", "What the data were made from, each under a label.", unit=True),
    ]
    generated: Annotated[PeriodValue, Absent(), about("Generated", "When the data were made, where known.")]


@_strict
class Data(_Origin, Counts, total=False):
    before_filtering: Annotated[Counts, about("Before filtering", "Raw counts, where both raw and used counts are known.")]
    languages: Annotated[list[Annotated[str, LANGUAGE]], Absent(), about("Languages", "BCP 47 codes; for many, use `language_count`.")]
    language_count: Annotated[AmountValue, Absent(), about("Number of languages", "Where the languages are too many to list.")]
    human_annotation: Annotated[TextValue, Absent(), about("Human annotation", "What people wrote, labelled or rated.")]


@_strict
class Training(TypedDict, total=False):
    stages: Annotated[list[Annotated[str, words.STAGE]], Absent(), about("Training stages", "In their order.")]
    parameters: Annotated[str, words.PARAMETERS_TUNED, Absent(), about("Parameters tuned", "Which weights were trained.")]
    in_context_examples: Annotated[str, words.YES_NO_MIXED, Absent(), about("Examples in training inputs", "Whether training inputs carry solved examples.")]


@_strict
class Evaluation(TypedDict, total=False):
    multiple_nlp_tasks: Annotated[
        str, words.YES_NO, Absent((("not-stated"),)), about("Tested on multiple NLP tasks", "Whether it was tested on several NLP tasks or benchmarks.")
    ]
    held_out_tasks: Annotated[AmountValue, Absent(), about("Held-out tasks", "Tasks kept for testing.")]
    benchmarks: Annotated[list[TextValue], Absent(), about("Benchmarks", "What it was tested on, by the names people use.")]
    judge: Annotated[list[Annotated[str, words.JUDGE]], Absent(), about("Judged by", "Who or what decided which answer is good.")]
    compared_with: Annotated[list[TextValue], Absent(), about("Compared with", "The main systems it was compared with.")]


@_strict
class Result(TypedDict, total=False):
    id: Annotated[LabelValue, about("Label", "So that evidence can point at it: `results.<label>`.")]
    what: Annotated[TextValue, about("What", "What was measured.", required=True)]
    value: Annotated[TextValue, about("Value", "The number, with its unit.", required=True)]
    against: Annotated[TextValue, about("Against", "What it was compared with.")]
    on: Annotated[TextValue, about("On", "The benchmark, as listed in `evaluation.benchmarks`.")]
    conditions: Annotated[TextValue, about("Conditions", "Size, setting, number of runs.")]


@_strict
class Release(TypedDict, total=False):
    license: Annotated[
        LicenseValue,
        Absent(("not-stated", "per-source")),
        about("Licence", "As the licence page spells it; `not-stated`: released without terms; `per-source`: each part keeps its source's licence."),
    ]
    url: Annotated[UrlValue, about("Address", "Where it is.", fact=False)]
    reaches_models: Annotated[
        str, words.REACH, about("Reaches trained models", "For data: whether the licensor's own words put terms on models trained with them.")
    ]
    base: Annotated[list[BaseModelRef], about("Base", "For weights: the base model and its size, or several.")]
    form: Annotated[str, words.FORM_OF_WEIGHTS, about("Form", "For weights: what is handed out.")]
    gated: Annotated[str, words.YES_NO, about("Gated", "Whether one must ask or accept terms first.")]
    partial: Annotated[TextValue, about("Only part of it", "What is missing from the release, or what part it is.")]
    published: Annotated[DateValue, about("Published", "When it was released, where not with the paper.")]
    model: Annotated[str, Reference(("model",)), about("Model page", "The model page that states the weights' terms.")]


ReleaseField = Annotated[Release | dict[LabelValue, Release], OneOrFamilies(), Absent()]


@_strict
class Releases(TypedDict, total=False):
    code: Annotated[ReleaseField, about("Code", "Training or data code; one entry, or one for each part.")]
    data: Annotated[ReleaseField, about("Data", "The instruction data.")]
    weights: Annotated[ReleaseField, about("Weights", "The tuned models; one entry, or one for each family.")]
    collection_tool: Annotated[ReleaseField, about("Data-collection tool", "The software with which the data were made or collected.")]


DataField = Annotated[Data, about("Instruction data", "What the model was tuned on.")]
TrainingField = Annotated[Training, about("Training", "How it was tuned.")]
ReleasesField = Annotated[Releases, about("Releases", "What was published, and under which licence.")]
BaseModelsField = Annotated[list[BaseModelRef], Absent(), about("Base model", "The models that were tuned, each with its size.")]

# --- The four kinds of record ------------------------------------------------------------------------------------------


@_strict
class Paper(TypedDict, total=False):
    """A work on instruction tuning, with the data, models and code it released."""

    title: TitleField
    short: ShortField
    also_known_as: AlsoKnownAsField
    authors: Annotated[list[PersonValue], about("Authors", "All of them, in their order, one a list item.", required=True)]
    published: Annotated[DateValue, about("Published", "The day it first became public (first version).", required=True)]
    venue: Annotated[TextValue, Absent(), about("Venue", "Where it was published.")]
    kinds: Annotated[list[Annotated[str, words.PAPER_KIND]], about("Kind", "What the work offers.", required=True, fact=False)]
    method: Annotated[list[Annotated[str, words.METHOD]], about("Method", "How its models or data were made; our classification.", required=True, fact=False)]
    summary: SummaryField
    links: LinksField
    base_models: BaseModelsField
    data: DataField
    training: TrainingField
    evaluation: Annotated[Evaluation, about("Evaluation", "How it was tested.")]
    results: Annotated[list[Result], Absent(("none",)), about("Results", "Headline findings with their numbers.", unit=True)]
    releases: ReleasesField
    listed: ListedField
    corrections: CorrectionsField
    references: ReferencesField
    evidence: EvidenceField


@_strict
class Variant(TypedDict, total=False):
    id: Annotated[LabelValue, about("Variant", "The size or version, as its developer writes it.", required=True, fact=False)]
    params: Annotated[AmountValue, Absent(), about("Parameters", "Number of parameters.")]
    aka: Annotated[list[TextValue], about("Also written", "Other ways papers write it (6B, 6.7B).", fact=False)]
    base: Annotated[BaseModelRef, about("Base", "What this variant was tuned from, where variants differ.")]
    corpus_tokens: Annotated[AmountValue, Absent(), about("Corpus tokens", "Distinct tokens of its training text.")]
    tokens_seen: Annotated[AmountValue, Absent(), about("Tokens seen", "Tokens seen in training.")]
    context_length: Annotated[AmountValue, Absent(), about("Context length", "In tokens.")]
    availability: Annotated[str, words.AVAILABILITY, Absent(("not-stated",)), about("Availability", "Where it differs from the model's.")]
    retired: Annotated[DateValue, about("Retired", "When the service ended.")]


@_strict
class Model(TypedDict, total=False):
    """A base model that was tuned, or a model that generated data."""

    title: TitleField
    short: ShortField
    also_known_as: AlsoKnownAsField
    developer: Annotated[TextValue, Absent(("not-stated",)), about("Developer", "Who made it.", required=True)]
    authors: Annotated[list[PersonValue], about("Authors", "Of the paper that describes it.")]
    published: Annotated[DateValue, Absent(("not-stated",)), about("Published", "When it became public or was first described.", required=True)]
    venue: Annotated[TextValue, Absent(), about("Venue", "Where its paper was published.")]
    summary: SummaryField
    links: LinksField
    described_in: Annotated[str, Reference(("paper",)), about("Described in", "The paper page, where there is one.", fact=False)]
    variants: Annotated[list[Variant], about("Scales", "Sizes and versions, with the other ways papers write them.", required=True, unit=True)]
    architecture: Annotated[str, words.ARCHITECTURE, Absent(("not-stated",)), about("Architecture", "Its kind of transformer.")]
    context_length: Annotated[AmountValue, Absent(), about("Context length", "In tokens.")]
    corpus_tokens: Annotated[AmountValue, Absent(), about("Corpus tokens", "Distinct tokens of its training text.")]
    tokens_seen: Annotated[AmountValue, Absent(), about("Tokens seen", "Tokens seen in training, every size.")]
    corpus: Annotated[TextValue, Absent(), about("Training text", "What it was pretrained on.")]
    languages: Annotated[list[Annotated[str, LANGUAGE]], Absent(), about("Languages", "BCP 47 codes.")]
    language_count: Annotated[AmountValue, Absent(), about("Number of languages", "Where they are too many to list.")]
    availability: Annotated[list[Annotated[str, words.AVAILABILITY]], Absent(("not-stated",)), about("Availability", "How one gets at it.", required=True)]
    retired: Annotated[DateValue, Absent(("none",)), about("Retired", "When it was withdrawn or its service ended.")]
    base_models: BaseModelsField
    data: DataField
    training: TrainingField
    releases: ReleasesField
    output_terms: Annotated[LicenseValue, Absent(), about("Output terms", "For a model that is served: the terms its output comes under.")]
    listed: ListedField
    corrections: CorrectionsField
    references: ReferencesField
    evidence: EvidenceField


@_strict
class Answer(TypedDict, total=False):
    answer: Annotated[str, words.ANSWER, about("Answer", "Yes, no, conditional or unclear.", required=True)]
    requires: Annotated[list[Annotated[str, words.DUTY]], about("Requires", "Duties that come with it.")]
    restricts: Annotated[list[Annotated[str, words.LIMIT]], about("Restricts", "Limits on who, what for or how many.")]
    scope: Annotated[str, words.SCOPE, about("Scope", "For training another model: which models are concerned.")]
    note: Annotated[TextValue, about("Note", "What the answer does not show.")]


Answers = TypedDict("Answers", {
    "commercial-use": Annotated[Answer, about("Commercial use", "May it be used commercially?", unit=True)],
    "redistribution": Annotated[Answer, about("Redistribution", "May it be passed on?", unit=True)],
    "train-another-model": Annotated[Answer, about("Training another model", "May another model be trained with it or its output?", unit=True)],
}, total=False)  # fmt: skip
_strict(Answers)

TermsVersion = TypedDict("TermsVersion", {
    "id": Annotated[LabelValue, about("Version", "A label, usually its date.", required=True, fact=False)],
    "title": Annotated[TextValue, about("Title", "What the text was called.")],
    "from": Annotated[DateValue, Absent(("not-stated",)), about("From", "In force from.")],
    "seen": Annotated[DateValue, about("Seen", "The first day on which it is known to have been in force, where its first day is not known.")],
    "to": Annotated[DateValue, Absent(("none",)), about("To", "In force until; `none` if it still is.")],
    "service": Annotated[str, words.SERVICE, about("Service", "Which services it governs.", required=True)],
    "clause": Annotated[TextValue, about("Clause", "What it says on developing other models, in our words.")],
    "answers": Annotated[Answers, about("Answers", "To the review's questions, under this version.")],
}, total=False)  # fmt: skip
_strict(TermsVersion)


@_strict
class Reach(TypedDict, total=False):
    derivatives: Annotated[str, words.REACH, Absent(("not-stated",)), about("Derivatives", "Whether derived works stay under it.")]
    output: Annotated[str, words.REACH, Absent(("not-stated",)), about("Output", "Whether it covers what a licensed model generates.")]
    trained_models: Annotated[
        str, words.REACH, Absent(("not-stated",)), about("Trained models", "Whether it covers models trained on the licensed data or on output.")
    ]


@_strict
class License(TypedDict, total=False):
    """A licence or terms of use, with its answers to the review's questions."""

    title: TitleField
    short: ShortField
    also_known_as: AlsoKnownAsField
    spdx: Annotated[str, SPDX, about("Spelling", "The SPDX id, or LicenseRef-…; records use exactly this.", required=True, fact=False)]
    publisher: Annotated[TextValue, about("Publisher", "Who wrote it.")]
    published: Annotated[DateValue, Absent(("not-stated",)), about("Published", "The date of its text.")]
    summary: SummaryField
    links: LinksField
    family: Annotated[str, words.LICENSE_FAMILY, about("Family", "What sort of terms they are; our classification.", required=True, fact=False)]
    meant_for: Annotated[list[Annotated[str, words.MEANT_FOR]], about("Meant for", "What its text is written for.")]
    answers: Annotated[Answers, about("Answers", "To the review's questions. Where terms changed, those of `versions` count.")]
    compatible_with: Annotated[list[LicenseValue], about("Compatible with", "For share-alike licences: others under which its text lets adaptations be put.")]
    reach: Annotated[Reach, about("Reach", "How far the text says it goes.")]
    versions: Annotated[list[TermsVersion], about("Versions", "Dated versions, where terms changed.")]
    corrections: CorrectionsField
    references: ReferencesField
    evidence: EvidenceField


Terms = TypedDict("Terms", {
    "id": Annotated[LabelValue, about("Label", "So that evidence can point at it: `terms.<label>`.")],
    "license": Annotated[LicenseValue, Absent(("not-stated",)), about("Licence", "As the licence page spells it.", required=True)],
    "for": Annotated[TextValue, about("For", "What part or what use it governs.")],
    "covers": Annotated[str, words.COVERED, about("Covers", "Whether it governs the content, as it does where this is left out, or software only.")],
    "reaches_models": Annotated[
        str, words.REACH, about("Reaches trained models", "Whether the licensor's own words put terms on models trained with it.")
    ],
    "from": Annotated[DateValue, about("From", "In force from.")],
    "to": Annotated[DateValue, about("To", "In force until.")],
}, total=False)  # fmt: skip
_strict(Terms)


@_strict
class Source(TypedDict, total=False):
    """An upstream site, data set or service that has no paper page in this review."""

    title: TitleField
    short: ShortField
    also_known_as: AlsoKnownAsField
    kind: Annotated[str, words.SOURCE_KIND, about("Kind", "What it is.", required=True, fact=False)]
    publisher: Annotated[TextValue, Absent(("not-stated",)), about("Publisher", "Who runs or published it.")]
    authors: Annotated[list[PersonValue], about("Authors", "Of the paper that describes it.")]
    published: Annotated[DateValue, Absent(("not-stated",)), about("Published", "When it began or was published.")]
    summary: SummaryField
    links: LinksField
    data: DataField
    terms: Annotated[list[Terms], Absent(), about("Terms", "Its licence or terms, for each period or part.", unit=True)]
    corrections: CorrectionsField
    references: ReferencesField
    evidence: EvidenceField


# Folder → record kind, in the order in which exports and indexes list them.
KINDS: dict[str, type[Any]] = {"paper": Paper, "model": Model, "license": License, "source": Source}
FOLDERS: dict[str, str] = {"papers": "paper", "models": "model", "licenses": "license", "sources": "source"}
FOLDER_OF: dict[str, str] = {kind: folder for folder, kind in FOLDERS.items()}
