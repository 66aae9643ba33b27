"""The words that closed fields may use, each with its meaning. Nothing else lists them."""

from __future__ import annotations

from .values import Word

YES_NO = Word("yes_no", {"yes": "Yes.", "no": "No."})
YES_NO_MIXED = Word("yes_no_mixed", {"yes": "Yes.", "no": "No.", "mixed": "In part: some of the data or settings, not all."})
READ = Word("read", {"whole": "All of it.", "part": "Only a part; what it does not say was not looked for."})

PAPER_KIND = Word(
    "paper_kind",
    {
        "dataset": "Releases or describes instruction data.",
        "model": "Trains a model that later work names or uses.",
        "method": "Its contribution is a way of making data or of training.",
        "benchmark": "Offers tasks to test instruction following with.",
        "analysis": "Compares or explains; its contribution is a finding.",
        "tool": "Offers software to collect or make data with.",
    },
)
METHOD = Word(
    "method",
    {
        "multitask-tuning": "Tuned on many existing NLP tasks written as instructions.",
        "human-demonstrations": "Tuned on answers that people wrote or chose for the purpose.",
        "self-generation": "Tuned on data that the model being tuned generated itself.",
        "distillation": "Tuned on data that another, usually stronger, model generated.",
        "preference-learning": "Tuned on comparisons between answers (RLHF, DPO and the like).",
        "retrieval-augmentation": "Training inputs carry retrieved passages.",
        "continual-learning": "Tasks are learned one after another, and forgetting is measured.",
        "in-context-training": "Training inputs carry solved examples, so that the model learns to learn from them.",
        "data-selection": "Few examples are chosen with care instead of many.",
        "crowdsourcing": "Instructions or data were collected from crowd workers or volunteers.",
    },
)
SOURCE_OF_DATA = Word(
    "source_of_data",
    {
        "human-written": "People wrote it for this work.",
        "model-generated": "A model generated it; `from` names the model.",
        "existing-dataset": "Taken from a data set that existed before; `from` names it.",
        "web": "Taken from public pages; `from` names the site.",
        "user-conversations": "Users' prompts or conversations with a deployed system.",
        "search-results": "Passages that a search engine or retriever returned.",
        "templates": "Prompt templates that turn labelled examples into instructions.",
    },
)
ROLE_OF_DATA = Word(
    "role_of_data",
    {
        "pairs": "Instructions together with their answers.",
        "prompts": "Instructions or inputs, without answers.",
        "responses": "Answers.",
        "seeds": "Examples shown to a generator; not themselves the data.",
        "topics": "Words that steer a generator.",
        "context": "Passages added to the inputs.",
        "templates": "The wording around examples.",
        "labels": "Labels or ratings attached to examples.",
        "comparisons": "Judgements of which answer is better.",
        "selection": "It only decided what was kept.",
        "translation": "It translated prompts or answers.",
        "pretraining-mix": "Pretraining text mixed into tuning.",
    },
)
STAGE = Word(
    "stage",
    {
        "pretraining": "Trained from random weights on raw text.",
        "sft": "Supervised fine-tuning on instructions and answers.",
        "reward-model": "A model of human preference was trained.",
        "rlhf": "Reinforcement learning against a reward model.",
        "dpo": "Direct preference optimisation.",
        "rejection-sampling": "Tuned on its own best answers.",
        "continual": "Several tuning stages, one after another, on different tasks.",
        "in-context": "Meta-training with examples in the input.",
    },
)
PARAMETERS_TUNED = Word(
    "parameters_tuned",
    {
        "full": "All weights.",
        "lora": "Low-rank adapters.",
        "adapter": "Other added layers.",
        "prompt": "Soft prompts or prefixes only.",
        "api": "Through a provider's fine-tuning service; what was tuned inside is not known.",
    },
)
JUDGE = Word(
    "judge",
    {
        "human": "People compared or rated answers.",
        "model": "A model compared or rated answers.",
        "automatic": "Scored against reference answers (accuracy, ROUGE, exact match …).",
    },
)
FORM_OF_WEIGHTS = Word(
    "form_of_weights",
    {
        "full": "The weights themselves.",
        "delta": "A difference to the base model's weights, useless without them.",
        "adapter": "An adapter to be loaded on top of the base model.",
        "xor": "Weights encrypted with the base model's, useless without them.",
        "api": "Only served, never handed out.",
    },
)
FIRST_LIST_MARK = Word(
    "first_list_mark",
    {
        "commercial": "A tick: the list took it to allow commercial use.",
        "not-commercial": "A cross: the list took it to forbid commercial use.",
        "unclear": "A question mark.",
        "no-mark": "The list gave no mark.",
    },
)
ARCHITECTURE = Word(
    "architecture",
    {
        "decoder-only": "Predicts the next token from those before it.",
        "encoder-decoder": "Encodes the input as a whole, then decodes the output.",
        "encoder-only": "Encodes; does not generate.",
    },
)
AVAILABILITY = Word(
    "availability",
    {
        "open-weights": "Anyone can download the weights.",
        "gated-weights": "Weights are handed out after a request or acceptance of terms.",
        "api": "Only served by its maker.",
        "unreleased": "Neither weights nor service were ever offered.",
    },
)
MEANT_FOR = Word(
    "meant_for",
    {
        "code": "Software.",
        "data": "Data sets and databases.",
        "content": "Texts, pictures and other works.",
        "weights": "Trained models.",
        "output": "What a service returns to its users.",
        "service": "Use of a service.",
    },
)
LICENSE_FAMILY = Word(
    "license_family",
    {
        "public-domain": "Gives up rights.",
        "permissive": "Any use, with notice or attribution at most.",
        "copyleft": "Any use; derivatives stay under the same licence.",
        "non-commercial": "Non-commercial use only.",
        "use-restricted": "Open but for listed uses (RAIL licences, community licences).",
        "terms-of-service": "A contract between a service and its users.",
        "no-licence": "No licence was found or given.",
    },
)
ANSWER = Word(
    "answer",
    {
        "yes": "Allowed; duties such as attribution leave a yes a yes.",
        "conditional": "Allowed within limits on who, what for or how many.",
        "unclear": "Cannot be told; the reason says why.",
        "no": "Not allowed.",
    },
)
DUTY = Word(
    "duty",
    {
        "notice": "Keep the copyright and licence notices.",
        "licence-copy": "Pass on a copy of the licence.",
        "attribution": "Name the author or source.",
        "state-changes": "Say what was changed.",
        "share-alike": "Put derivatives under the same or a compatible licence.",
        "same-licence-for-the-database": "Keep the database as a whole under this licence.",
        "disclose-source": "Offer the source code.",
        "pass-on-restrictions": "Put the same use restrictions into your own terms.",
        "no-endorsement": "Do not suggest that the authors endorse you.",
        "not-presented-as-human": "Do not present output as written by a person.",
        "policies": "Keep to the provider's further policies.",
        "permission": "Ask for permission first.",
        "separate-agreement": "A separate agreement with the provider is needed.",
    },
)
LIMIT = Word(
    "limit",
    {
        "non-commercial": "Non-commercial use only.",
        "research-only": "Research use only.",
        "use-based": "Listed uses are forbidden.",
        "users-over-limit": "Above a number of users, a separate licence is needed.",
        "competing-models": "Not to develop models that compete with the provider.",
        "any-other-model": "Not to improve any other large model.",
        "automated-extraction": "Not by automated extraction.",
        "no-redistribution": "Not to be passed on.",
        "no-permission-stated": "No permission was given, so the law's default holds.",
    },
)
SCOPE = Word(
    "scope",
    {
        "competing": "Only models that compete with the provider are concerned.",
        "any-other": "Every model but the provider's own is concerned.",
        "own-family-only": "Only models of the same family may be trained.",
    },
)
SERVICE = Word(
    "service",
    {
        "all": "All services and users.",
        "api": "The programming interface and business services.",
        "consumer": "Services for individuals, such as a chat page.",
    },
)
REACH = Word(
    "reach",
    {
        "yes": "The text says that it covers this.",
        "no": "The text says that it does not, or gives all rights in it to the user.",
        "unclear": "The text can be read both ways.",
    },
)
COVERED = Word(
    "covered",
    {
        "content": "The content or data.",
        "code": "Software only; a code licence never reaches data or what is trained with them.",
    },
)
SOURCE_KIND = Word(
    "source_kind",
    {
        "website": "A site with content written by its visitors or editors.",
        "encyclopedia": "An encyclopedia.",
        "dataset": "A data set that has no paper page here.",
        "collection": "A collection of data sets that has no paper page here.",
        "benchmark": "A benchmark used as a source of data.",
        "archive": "A copy of other sites' content.",
        "search-engine": "A search engine or retriever.",
        "service": "A service whose output was used.",
    },
)
