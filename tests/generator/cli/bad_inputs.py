"""What can be wrong with the minimal site, and how `check` tells it.

One row a bad input: its name, how to make it, and the beginning of each line that is expected.
"""

from tests.generator.cli.damage import (
    CARBON,
    CIRCULARITY,
    COMPOSITION,
    FOLDER,
    LOT,
    MODEL,
    OPERATOR,
    PERFORMANCE,
    RESTRICTED,
    SETTINGS,
    SOURCING,
    Damage,
    add,
    both,
    copy,
    encode,
    remove,
    swap,
)


class Case:
    """A bad input; `expected` are beginnings of lines, all in the order of the report."""

    def __init__(self, name: str, damage: Damage, *expected: str) -> None:
        self.name = name
        self.damage = damage
        self.expected = expected


ERRORS = (
    Case(
        "duplicate key",
        add(PERFORMANCE, "nominal_voltage: 48 V\n"),
        f"{PERFORMANCE}:20:1: $.nominal_voltage: the key 'nominal_voltage' stands here again,",
    ),
    Case(
        "tab",
        swap(PERFORMANCE, "  cell: 0.70", "\tcell: 0.70"),
        f"{PERFORMANCE}:18:1: $: a tab stands here",
    ),
    Case(
        "unknown key",
        swap(PERFORMANCE, "nominal_voltage:", "nominal_volatge:"),
        f"{PERFORMANCE}:1:1: $.nominal_voltage: data point 27 (Nominal voltage) is missing:",
        f"{PERFORMANCE}:3:1: $.nominal_volatge: 'nominal_volatge' is not a known key here",
    ),
    Case(
        "wrong unit",
        swap(PERFORMANCE, "51.2 V", "51.2 mV"),
        f"{PERFORMANCE}:3:18: $.nominal_voltage: '51.2 mV' is in mV",
    ),
    Case(
        "decimal comma",
        swap(PERFORMANCE, "51.2 V", "51,2 V"),
        f"{PERFORMANCE}:3:18: $.nominal_voltage: '51,2' has a decimal comma",
    ),
    Case(
        "number without unit",
        swap(PERFORMANCE, "51.2 V", "51.2"),
        f"{PERFORMANCE}:3:18: $.nominal_voltage: '51.2' has no unit",
    ),
    Case(
        "number with leading zero",
        swap(OPERATOR, '"04229"', "04229"),
        f"{OPERATOR}:5:16: $.address.postal_code: '04229' without quotes is an octal number, or",
    ),
    Case(
        "long number with leading zero",
        swap(MODEL, "model_number: AR-48", "model_number: 0123456"),
        f"{MODEL}:2:15: $.model_number: '0123456' without quotes is an octal number, or one",
    ),
    Case(
        "exponent",
        swap(MODEL, "model_number: AR-48", "model_number: 1e3"),
        f"{MODEL}:2:15: $.model_number: '1e3' without quotes is a power of ten to some programs,",
    ),
    Case(
        "sexagesimal",
        swap(MODEL, "model_number: AR-48", "model_number: 12:30"),
        f"{MODEL}:2:15: $.model_number: '12:30' without quotes is a number to base 60 to some",
    ),
    Case(
        "no for false",
        swap(MODEL, "bms: true", "bms: no"),
        f"{MODEL}:11:6: $.bms: 'no' without quotes is true or false to some programs",
    ),
    Case(
        "byte-order mark",
        encode(MODEL, "utf-8-sig"),
        f"{MODEL}:1:1: $: the file starts with a byte-order mark",
    ),
    Case(
        "UTF-16 table",
        encode(LOT, "utf-16"),
        f"{LOT}:1:1: $: the file is UTF-16 or UTF-32, not UTF-8",
    ),
    Case(
        "serial cut by a spreadsheet",
        swap(LOT, "AR-0002", "9.50601E+12"),
        f"{LOT}:3:1: serial: '9.50601E+12' is how a spreadsheet shows a long number; digits of it",
    ),
    Case(
        "GTIN with a wrong check digit",
        swap(MODEL, "09506000134352", "09506000134353"),
        f"{MODEL}:3:7: $.gtin: the check digit of GTIN 09506000134353 is 3, but its other digits",
    ),
    Case(
        "serials that differ in case",
        both(add(SETTINGS, "allow_any_serial = true\n"), swap(LOT, "AR-0002", "ar-0001")),
        f"{LOT}:3:1: serial: 'ar-0001' differs from the one at content/batteries/first.csv:2:1 in",
    ),
    Case(
        "serial twice",
        swap(LOT, "AR-0002", "AR-0001"),
        f"{LOT}:3:1: serial: 'AR-0001' is taken: content/batteries/first.csv:2:1 has it already",
    ),
    Case(
        "missing document",
        remove(FOLDER + "documents/declaration.pdf"),
        f"{MODEL}:26:13: $.declaration_of_conformity.document: there is no document 'declaration'",
        f"{MODEL}:30:11: $.documents.declaration.file: there is no file 'documents/declaration.",
    ),
    Case(
        "wrong digest",
        add(FOLDER + "documents/declaration.pdf", "one more line\n"),
        f"{MODEL}:31:13: $.documents.declaration.sha256: documents/declaration.pdf has another",
    ),
    Case(
        "minimum above nominal voltage",
        swap(PERFORMANCE, "minimum_voltage: 40.0 V", "minimum_voltage: 54.0 V"),
        f"{PERFORMANCE}:3:18: $.nominal_voltage: 51.2 V is not above minimum_voltage of 54.0 V",
    ),
    Case(
        "nominal above maximum voltage",
        swap(PERFORMANCE, "maximum_voltage: 58.4 V", "maximum_voltage: 51.2 V"),
        f"{PERFORMANCE}:4:18: $.maximum_voltage: 51.2 V is not above nominal_voltage of 51.2 V",
    ),
    Case(
        "percentage above 100",
        swap(PERFORMANCE, "95.2 %", "952 %"),
        f"{PERFORMANCE}:14:10: $.initial_round_trip_efficiency: 952 % is outside 0 to 100 %",
    ),
    Case(
        "negative percentage in a record in a list",
        swap(COMPOSITION, "share: 1.2 %", "share: -1.2 %"),
        f"{COMPOSITION}:9:32: $.critical_raw_materials[0].share: -1.2 % is outside 0 to 100 %",
    ),
    Case(
        "unknown document",
        swap(MODEL, "document: declaration", "document: declaratoin"),
        f"{MODEL}:26:13: $.declaration_of_conformity.document: there is no document 'declaratoin'",
        f"{MODEL}:30:5: $.documents.declaration: no data point refers to document declaration",
    ),
    Case(
        "mass of nothing",
        swap(MODEL, "mass: 43.0 kg", "mass: 0 kg"),
        f"{MODEL}:21:7: $.mass: 0 kg is not above zero",
    ),
    Case(
        "negative resistance",
        swap(PERFORMANCE, "cell: 0.70", "cell: -0.70"),
        f"{PERFORMANCE}:18:9: $.internal_resistance.cell: -0.70 mΩ is not above zero",
    ),
    Case(
        "stages that don't add up",
        swap(CARBON, "0.0171", "0.0271"),
        f"{CARBON}:2:24: $.carbon_footprint.per_functional_unit: the stages add up to 0.0357,",
    ),
    Case(
        "recycled shares above the whole",
        swap(CIRCULARITY, "post_consumer: 0.6", "post_consumer: 98.3"),
        f"{CIRCULARITY}:2:3: $.recycled_lithium: pre_consumer and post_consumer together are",
    ),
    Case(
        "metal that the chemistry does not hold",
        add(CIRCULARITY, "recycled_cobalt:\n  pre_consumer: 1 %\n  post_consumer: 1 %\n"),
        f"{CIRCULARITY}:6:3: $.recycled_cobalt: a value is given that does not apply: this",
    ),
    Case(
        "CAS number",
        swap(COMPOSITION, "96-49-1", "96-49-2"),
        f"{COMPOSITION}:4:10: $.hazardous_substances[0].cas: '96-49-2' is not a CAS number: its",
    ),
    Case(
        "EC number",
        swap(COMPOSITION, "202-510-0", "202-510-1"),
        f"{COMPOSITION}:5:9: $.hazardous_substances[0].ec: '202-510-1' is not an EC number: its",
    ),
    Case(
        "threshold of another category",
        add(PERFORMANCE, "exhaustion_threshold: 80 %\n"),
        f"{PERFORMANCE}:20:23: $.exhaustion_threshold: a value is given that does not apply:",
    ),
    Case(
        "lead without its symbol",
        both(
            swap(COMPOSITION, "chemistry: lfp", "chemistry: agm"),
            remove(FOLDER + "circularity.yaml"),
        ),
        f"{MODEL}:1:1: $.cadmium_lead_symbols: this chemistry holds lead, but its symbol is not",
        f"{MODEL}:1:1: $.recycled_lead: data point 23 (Recycled lead) is missing: required, but no",
        f"{MODEL}:1:1: $.renewable_content: data point 24 (Renewable content) is missing:",
    ),
    Case(
        "cadmium with the symbol of lead",
        both(
            swap(COMPOSITION, "chemistry: lfp", "chemistry: nicd"),
            remove(FOLDER + "circularity.yaml"),
            swap(MODEL, "mass: 43.0 kg", "mass: 43.0 kg\ncadmium_lead_symbols: [lead]"),
        ),
        f"{MODEL}:1:1: $.recycled_nickel: data point 22 (Recycled nickel) is missing: required,",
        f"{MODEL}:1:1: $.renewable_content: data point 24 (Renewable content) is missing:",
        f"{MODEL}:22:23: $.cadmium_lead_symbols: the symbol for lead is given, but this chemistry",
        f"{MODEL}:22:23: $.cadmium_lead_symbols: this chemistry holds cadmium, but its symbol is",
    ),
    Case(
        "symbol that is not of a metal",
        swap(MODEL, "mass: 43.0 kg", "mass: 43.0 kg\ncadmium_lead_symbols: [ce-marking]"),
        f"{MODEL}:22:24: $.cadmium_lead_symbols[0]: ce-marking is not a symbol for cadmium or lead",
    ),
    Case(
        "another symbol for separate collection",
        swap(
            MODEL,
            "separate_collection_symbol: separate-collection",
            "separate_collection_symbol: ce-marking",
        ),
        f"{MODEL}:23:29: $.separate_collection_symbol: ce-marking is not the symbol for separate",
    ),
    Case(
        "sourcing without a report",
        swap(SOURCING, "  link: https://www.acme.example/sourcing\n", ""),
        f"{SOURCING}:2:3: $.responsible_sourcing: there is neither a report nor a link to one",
    ),
    Case(
        "public data point with an unpublished document",
        swap(MODEL, "    publish: true\n", ""),
        f"{MODEL}:26:13: $.declaration_of_conformity.document: document declaration is not",
    ),
    Case(
        "published document of a restricted data point",
        add(MODEL, "    publish: true\n"),
        f"{MODEL}:36:5: $.documents.report: document report is published, but only restricted data",
    ),
    Case(
        "document that nothing refers to",
        swap(
            MODEL,
            "documents:\n",
            "documents:\n  spare:\n    file: documents/declaration.pdf\n    sha256: d\n"
            "    title: Spare\n    languages: [en]\n",
        ),
        f"{MODEL}:30:5: $.documents.spare: no data point refers to document spare",
        f"{MODEL}:31:13: $.documents.spare.sha256: documents/declaration.pdf has another digest",
    ),
    Case(
        "stated for all plants and for one",
        add(
            CARBON,
            "absolute_carbon_footprint: 1 t\n"
            "plants:\n  north:\n    absolute_carbon_footprint: 1 t\n",
        ),
        f"{CARBON}:12:32: $.plants.north.absolute_carbon_footprint: absolute_carbon_footprint is",
    ),
    Case(
        "values of a plant that is not the model's",
        add(CIRCULARITY, "plants:\n  south:\n    recycled_nickel: {not_applicable: none}\n"),
        f"{CIRCULARITY}:7:5: $.plants.south: the model is not made in 'south'",
    ),
    Case(
        "plant that the manufacturer has not",
        swap(MODEL, "plants: [north]", "plants: [north, south]"),
        f"{MODEL}:6:17: $.plants[1]: acme has no plant 'south'",
    ),
    Case(
        "plant of a battery",
        swap(LOT, "AR-0002,rack,north", "AR-0002,rack,south"),
        f"{LOT}:3:14: plant: rack is not made in 'south'",
    ),
    Case(
        "model of a battery",
        swap(LOT, "AR-0002,rack,", "AR-0002,rock,"),
        f"{LOT}:3:9: model: there is no model 'rock'",
    ),
    Case(
        "made after it was sold",
        swap(LOT, "AR-0002,rack,north,2026-01", "AR-0002,rack,north,2026-03"),
        f"{LOT}:3:20: manufactured: 2026-03 is after placed_on_market of 2026-02-03",
    ),
    Case(
        "operator that nobody described",
        swap(MODEL, "operator: acme", "operator: acne"),
        f"{MODEL}:5:11: $.operator: there is no operator 'acne'",
    ),
    Case(
        "issuer that nobody described",
        swap(SETTINGS, 'issuer = "acme"', 'issuer = "acne"'),
        f"{SETTINGS}:2:1: issuer: there is no operator 'acne'",
    ),
    Case(
        "manufacturer without the role",
        swap(OPERATOR, "role: manufacturer", "role: processor"),
        f"{MODEL}:4:15: $.manufacturer: acme is not recorded as manufacturer, own-brand-operator",
    ),
    Case(
        "role that has ended",
        swap(
            OPERATOR,
            "valid_from: 2026-01-02",
            "valid_from: 2026-01-02\n    valid_until: 2026-06-30",
        ),
        f"{MODEL}:4:15: $.manufacturer: acme is not recorded as manufacturer, own-brand-operator",
    ),
    Case(
        "role that ends before it begins",
        swap(
            OPERATOR,
            "valid_from: 2026-01-02",
            "valid_from: 2026-01-02\n    valid_until: 2025-06-30",
        ),
        f"{MODEL}:4:15: $.manufacturer: acme is not recorded as manufacturer, own-brand-operator",
        f"{OPERATOR}:13:18: $.roles[0].valid_until: 2025-06-30 is before valid_from of 2026-01-02",
    ),
    Case(
        "issuer for another operator",
        both(
            copy(OPERATOR, "content/operators/zeta.yaml"),
            swap(MODEL, "operator: acme", "operator: zeta"),
        ),
        f"{MODEL}:5:11: $.operator: acme issues the passports of zeta, but is not recorded as",
    ),
    Case(
        "operator whose name is no address",
        copy(OPERATOR, "content/operators/Zeta_2.yaml"),
        "content/operators/Zeta_2.yaml:1:1: $: 'Zeta_2' can't be part of an address",
    ),
    Case(
        "country that does not exist",
        swap(
            OPERATOR, "  city: Leipzig\n  country: DE\nweb", "  city: Leipzig\n  country: UK\nweb"
        ),
        f"{OPERATOR}:7:12: $.address.country: 'UK' is not a country code of ISO 3166-1",
    ),
    Case(
        "address without a street",
        swap(OPERATOR, "  street: Am Kanal 1\n", ""),
        f"{OPERATOR}:4:3: $.address: street is missing",
    ),
    Case(
        "missing data point",
        swap(PERFORMANCE, "nominal_voltage: 51.2 V\n", ""),
        f"{PERFORMANCE}:1:1: $.nominal_voltage: data point 27 (Nominal voltage) is missing:",
    ),
    Case(
        "missing restricted file",
        remove(FOLDER + "restricted/xiii-3.yaml"),
        f"{MODEL}:1:1: $.test_reports: data point 50 (Test reports) is missing: required, but no",
    ),
    Case(
        "restricted percentage",
        swap(RESTRICTED, "25.3 %", "253.7 %"),
        f"{RESTRICTED}:5:12: $.detailed_composition[0].share: a value (not shown: restricted) is",
    ),
    Case(
        "restricted decimal comma",
        swap(RESTRICTED, "25.3 %", "25,37 %"),
        f"{RESTRICTED}:5:12: $.detailed_composition[0].share: what stands here breaks the rule",
    ),
    Case(
        "restricted CAS",
        swap(RESTRICTED, "15365-14-7", "15365-14-8"),
        f"{RESTRICTED}:4:10: $.detailed_composition[0].cas: a value (not shown: restricted) is",
    ),
    Case(
        "half life above initial",
        swap(PERFORMANCE, "93.4 %", "96.4 %"),
        f"{PERFORMANCE}:16:34: $.round_trip_efficiency_half_life: 96.4 % is above",
    ),
)

WARNINGS = (
    Case(
        "symbol of lead on a battery of lithium",
        swap(MODEL, "mass: 43.0 kg", "mass: 43.0 kg\ncadmium_lead_symbols: [lead]"),
        f"{MODEL}:22:23: $.cadmium_lead_symbols: the symbol for lead is given, but this chemistry",
    ),
    Case(
        "mandatory but said not to apply",
        swap(MODEL, "mass: 43.0 kg", "mass: {not_applicable: too heavy}"),
        f"{MODEL}:21:7: $.mass: data point 10 (Weight) is said not to apply, but guidance 1.0",
    ),
    Case(
        "undecided data point",
        swap(PERFORMANCE, "warranty_period: 10 years\n", ""),
        f"{PERFORMANCE}:1:1: $.warranty_period: data point 35 (Warranty on calendar life) is",
    ),
    Case(
        "texts in a language without pages",
        swap(
            COMPOSITION, "name: Ethylene carbonate", "name: {en: Ethylene carbonate, fr: Carbonate}"
        ),
        f"{COMPOSITION}:3:11: $.hazardous_substances[0].name: no page is in fr",
    ),
    Case(
        "temperatures in kelvin",
        swap(PERFORMANCE, "-20 .. 50", "253 .. 323"),
        f"{PERFORMANCE}:11:19: $.idle_temperature: 253 .. 323 °C is hardly the range that a",
    ),
    Case(
        "date in another century",
        swap(PERFORMANCE, "as_of: 2026-01-02", "as_of: 1926-01-02"),
        f"{PERFORMANCE}:15:10: $.initial_round_trip_efficiency.as_of: 1926-01-02 is long ago",
    ),
    Case(
        "date far ahead",
        swap(LOT, "AR-0002,rack,north,2026-01,2026-02-03", "AR-0002,rack,north,2026-01,2036-02-03"),
        f"{LOT}:3:28: placed_on_market: 2036-02-03 is far in the future",
    ),
    Case(
        "role without evidence",
        swap(OPERATOR, "    evidence: extract from the commercial register of 2026-01-02\n", ""),
        f"{OPERATOR}:10:5: $.roles[0]: nothing proves the role manufacturer",
    ),
    Case(
        "operator that can't be reached",
        swap(OPERATOR, "web: https://www.acme.example/\n", ""),
        f"{OPERATOR}:1:1: $: there is neither web nor email",
    ),
)
