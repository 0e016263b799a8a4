from django.db import migrations

# What ships, and the order in which the items are counted: as in `hearth.families.completeness`.
WEIGHTS = """
CREATE FUNCTION families_weights(place bigint, owner_stage text) RETURNS integer[]
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    items constant text[] := '{phone,email,wechat,address,sex,birth_date,identity_number,occupation,source,family,
        purpose,budget,timing,motives,ability_to_pay,decision_makers}';
    owner constant jsonb := '{"phone": 3, "identity_number": 2, "family": 2, "birth_date": 1, "wechat": 1,
        "address": 1, "occupation": 1}';
    shipped constant jsonb := jsonb_build_object(
        'prospect', '{"phone": 3, "purpose": 3, "budget": 2, "timing": 2, "source": 1, "motives": 1,
            "ability_to_pay": 1, "decision_makers": 1}'::jsonb,
        'pre_owner', '{"phone": 3, "identity_number": 3, "address": 2, "family": 2, "email": 1,
            "birth_date": 1}'::jsonb,
        'settling_in_owner', owner, 'stable_owner', owner, 'long_term_owner', owner
    );
    stage text := CASE WHEN shipped ? owner_stage THEN owner_stage ELSE 'prospect' END;
    rules jsonb;
BEGIN
    -- A lock above wins, else the nearest place that sets the rules.
    SELECT setting.value INTO rules
    FROM organization_setting setting
    JOIN organization_orgunit above ON above.id = setting.org_unit_id
    JOIN organization_orgunit here ON here.id = place
    WHERE setting.key = 'families.completeness' AND starts_with(here.path, above.path)
    ORDER BY setting.is_locked DESC, CASE WHEN setting.is_locked THEN above.depth ELSE -above.depth END
    LIMIT 1;
    rules := coalesce(nullif(rules -> stage, '{}'), shipped -> stage);
    RETURN ARRAY(
        SELECT coalesce((rules ->> item)::integer, 0)
        FROM unnest(items) WITH ORDINALITY AS each(item, position) ORDER BY position
    );
END
$$;
"""

# By single customers, along indexes: a plan made while the tables were small is kept for a session that fills them.
# It measures whoever changes the record, so it reads what the fence keeps from them, and tells nobody what it read.
# Rows are locked first, so that the statement that measures sees what whoever held them has written.
MEASURE = """
CREATE FUNCTION families_measure(wanted uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    IF coalesce(cardinality(wanted), 0) = 0 THEN
        RETURN;
    END IF;
    PERFORM FROM customers_customercompleteness kept JOIN unnest(wanted) AS asked(id) ON kept.customer_id = asked.id
        ORDER BY kept.customer_id FOR UPDATE OF kept;
    INSERT INTO customers_customercompleteness AS kept (customer_id, percent)
    WITH counted AS MATERIALIZED (
        SELECT customer.id, place.org_unit_id, coalesce(profile.owner_stage, 'prospect') AS stage, ARRAY[
            contact.has_phone, contact.has_email, contact.has_wechat, contact.has_address,
            customer.sex <> '', customer.birth_date IS NOT NULL, length(customer.identity_index) > 0,
            customer.occupation <> '', customer.source <> '',
            customer.household_id IS NOT NULL OR EXISTS (
                SELECT FROM families_relationship r JOIN customers_customer other ON other.id = r.other_id
                WHERE r.customer_id = customer.id AND other.merged_into_id IS NULL
            ) OR EXISTS (
                SELECT FROM families_relationship r JOIN customers_customer other ON other.id = r.customer_id
                WHERE r.other_id = customer.id AND other.merged_into_id IS NULL
            ),
            need.purpose <> '', need.budget_from_amount <> 0 OR need.budget_to_amount <> 0, need.timing <> '',
            cardinality(need.motives) > 0, need.ability_to_pay <> '', need.decision_makers <> ''
        ] AS known
        FROM (SELECT DISTINCT id FROM unnest(wanted) AS each(id)) asked
        JOIN customers_customer customer ON customer.id = asked.id
        LEFT JOIN customers_customerprofile profile ON profile.customer_id = customer.id
        LEFT JOIN LATERAL (
            SELECT org_unit_id FROM customers_customerplace p WHERE p.customer_id = customer.id ORDER BY p.id LIMIT 1
        ) place ON true
        LEFT JOIN LATERAL (
            SELECT bool_or(kind = 'phone') AS has_phone, bool_or(kind = 'email') AS has_email,
                bool_or(kind = 'wechat') AS has_wechat, bool_or(kind = 'address') AS has_address
            FROM customers_contactpoint p WHERE p.customer_id = customer.id AND p.is_valid AND NOT p.is_blocked
        ) contact ON true
        LEFT JOIN LATERAL (
            SELECT * FROM families_needprofile n WHERE n.customer_id = customer.id AND NOT n.is_blocked
            ORDER BY n.created_at DESC, n.id DESC LIMIT 1
        ) need ON true
    ), placed AS MATERIALIZED (
        SELECT *, dense_rank() OVER (ORDER BY org_unit_id, stage)::integer AS rank FROM counted
    ), weighed AS MATERIALIZED (
        -- One line of weights for each place and stage: found by its number, as no join by value is at hand.
        SELECT array_agg(families_weights(org_unit_id, stage) ORDER BY rank) AS lines
        FROM (SELECT DISTINCT rank, org_unit_id, stage FROM placed) each
    )
    SELECT placed.id, round((100 * share.reached)::float8 / share.whole)
    FROM placed
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(each.weight) FILTER (WHERE each.is_known), 0) AS reached, sum(each.weight) AS whole
        FROM unnest((SELECT lines FROM weighed)[placed.rank:placed.rank], placed.known) AS each(weight, is_known)
    ) share
    ON CONFLICT (customer_id) DO UPDATE SET percent = excluded.percent WHERE kept.percent <> excluded.percent;
END
$$;
"""

# Who is concerned by a statement, found in what it added, changed or took away.
CONCERNED = """
CREATE FUNCTION families_measure_owners() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM families_measure(array_agg(customer_id)) FROM after_it;
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM families_measure(array_agg(customer_id)) FROM before_it;
    ELSE
        PERFORM families_measure(array_agg(customer_id))
        FROM (SELECT customer_id FROM before_it UNION SELECT customer_id FROM after_it) each;
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION families_measure_related() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM families_measure(array_agg(id)) FROM (
            SELECT customer_id AS id FROM before_it UNION SELECT other_id FROM before_it
        ) each;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM families_measure(array_agg(id)) FROM (
            SELECT customer_id AS id FROM after_it UNION SELECT other_id FROM after_it
        ) each;
    END IF;
    RETURN NULL;
END
$$;

-- A record that was merged away is no relative, so those related to it are concerned too.
CREATE FUNCTION families_measure_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET enable_nestloop = off AS $$
DECLARE
    merged uuid[];
BEGIN
    PERFORM families_measure(array_agg(after_it.id))
    FROM after_it JOIN before_it ON before_it.id = after_it.id
    WHERE (after_it.sex, after_it.birth_date, after_it.identity_index, after_it.occupation, after_it.source,
            after_it.household_id)
        IS DISTINCT FROM (before_it.sex, before_it.birth_date, before_it.identity_index, before_it.occupation,
            before_it.source, before_it.household_id);
    SELECT array_agg(after_it.id) INTO merged FROM after_it JOIN before_it ON before_it.id = after_it.id
    WHERE after_it.merged_into_id IS DISTINCT FROM before_it.merged_into_id;
    IF merged IS NOT NULL THEN
        PERFORM families_measure(array_agg(id)) FROM (
            SELECT customer_id AS id FROM families_relationship WHERE other_id = ANY (merged)
            UNION SELECT other_id FROM families_relationship WHERE customer_id = ANY (merged)
        ) each;
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION families_measure_staged() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp SET enable_nestloop = off AS $$
BEGIN
    PERFORM families_measure(array_agg(customer_id))
    FROM after_it JOIN before_it USING (customer_id) WHERE after_it.owner_stage <> before_it.owner_stage;
    RETURN NULL;
END
$$;
"""
TRIGGERS = (
    ("customers_customerplace", "INSERT UPDATE DELETE", "families_measure_owners"),
    ("customers_contactpoint", "INSERT UPDATE DELETE", "families_measure_owners"),
    ("families_needprofile", "INSERT UPDATE DELETE", "families_measure_owners"),
    ("customers_customerprofile", "INSERT DELETE", "families_measure_owners"),
    ("customers_customerprofile", "UPDATE", "families_measure_staged"),
    ("families_relationship", "INSERT UPDATE DELETE", "families_measure_related"),
    ("customers_customer", "UPDATE", "families_measure_changed"),
)
TABLES = {
    "INSERT": "NEW TABLE AS after_it",
    "DELETE": "OLD TABLE AS before_it",
    "UPDATE": "OLD TABLE AS before_it NEW TABLE AS after_it",
}
WATCH = "\n".join(
    f"CREATE TRIGGER completeness_after_{act.lower()} AFTER {act} ON {table} REFERENCING {TABLES[act]}"
    f" FOR EACH STATEMENT EXECUTE FUNCTION {function}();"
    for table, acts, function in TRIGGERS
    for act in acts.split()
)
LOOK_AWAY = "\n".join(
    f"DROP TRIGGER completeness_after_{act.lower()} ON {table};"
    for table, acts, _function in TRIGGERS
    for act in acts.split()
)
FORGET = """
DROP FUNCTION families_measure_owners();
DROP FUNCTION families_measure_related();
DROP FUNCTION families_measure_changed();
DROP FUNCTION families_measure_staged();
DROP FUNCTION families_measure(uuid[]);
DROP FUNCTION families_weights(bigint, text);
"""

MEASURE_ALL = """
DO $$
DECLARE
    portion uuid[];
    last_one uuid := '00000000-0000-0000-0000-000000000000';
BEGIN
    LOOP
        SELECT array_agg(id ORDER BY id) INTO portion
        FROM (SELECT id FROM customers_customer WHERE id > last_one ORDER BY id LIMIT 10000) each;
        EXIT WHEN portion IS NULL;
        PERFORM families_measure(portion);
        last_one := portion[cardinality(portion)];
    END LOOP;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("families", "0004_income"),
        ("customers", "0011_completeness"),
        ("organization", "0003_field_rules"),
    ]

    operations = [
        migrations.RunSQL(WEIGHTS + MEASURE + CONCERNED, FORGET),
        migrations.RunSQL(WATCH, LOOK_AWAY),
        migrations.RunSQL(MEASURE_ALL, migrations.RunSQL.noop),
    ]
