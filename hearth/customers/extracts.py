"""What the analysis gets of customers: ids, codes, counts and days; never a name or a contact value.

Custom fields that are sensitive, or seen by some roles only, stay out too.
"""

from hearth.core.extracts import Extract, register_extract

CHANNELS = ("phone", "visit", "sms", "email", "wechat", "web")
WINDOWS = (30, 90, 365)
# A row that stayed with a merged record says what the survivor's row says already.
# A canary is nobody.
IS_RECORD = (
    "NOT EXISTS (SELECT FROM customers_customer merged"
    " WHERE merged.id = kept.customer_id AND (merged.merged_into_id IS NOT NULL OR merged.is_canary))"
)
# What the analysis said of somebody who refused it is nowhere, also while it is being removed.
IS_PROFILED = (
    "NOT EXISTS (SELECT FROM customers_customer refusing"
    " WHERE refusing.id = kept.customer_id AND refusing.profiling_refused_at IS NOT NULL)"
)
CONTACTS = tuple(f"{channel}_{days}" for channel in CHANNELS for days in WINDOWS)

register_extract(
    Extract(
        name="customers",
        sql="""
            SELECT id::text AS customer_id, household_id::text,
                coalesce(household_id, id)::text AS household_key, kind, sex,
                extract(year FROM birth_date)::bigint AS birth_year, source, created_at, last_contact_at,
                profiling_refused_at IS NOT NULL AS refuses_profiling,
                (SELECT kept.percent FROM customers_customercompleteness kept
                    WHERE kept.customer_id = customers_customer.id)::bigint AS completeness
            FROM customers_customer
            WHERE merged_into_id IS NULL AND NOT is_canary AND restricted_at IS NULL AND erased_at IS NULL
        """,
        columns={
            "customer_id": "string",
            "household_id": "string",
            "household_key": "string",
            "kind": "string",
            "sex": "string",
            "birth_year": "int64",
            "source": "string",
            "created_at": "timestamp('UTC')",
            "last_contact_at": "timestamp('UTC')",
            "refuses_profiling": "boolean",
            "completeness": "int64",
        },
        customer_column="customer_id",
    )
)

register_extract(
    Extract(
        name="customer_places",
        sql=f"SELECT customer_id::text, org_unit_id FROM customers_customerplace kept WHERE {IS_RECORD}",  # noqa: S608
        columns={"customer_id": "string", "org_unit_id": "int64"},
        customer_column="customer_id",
    )
)

register_extract(
    Extract(
        name="customer_profiles",
        sql=f"""
            SELECT customer_id::text, scored_at, recency_days::bigint, purchase_recency_days::bigint,
                frequency::bigint, monetary_amount, open_complaints::bigint, homes::bigint, owner_stage,
                value_tier, portfolio_action,
                {", ".join(f"coalesce((contacts->>'{key}')::bigint, 0) AS contacts_{key}" for key in CONTACTS)}
            FROM customers_customerprofile kept
            WHERE {IS_RECORD} AND {IS_PROFILED}
        """,  # noqa: S608  (names of keys only)
        columns={
            "customer_id": "string",
            "scored_at": "timestamp('UTC')",
            "recency_days": "int64",
            "purchase_recency_days": "int64",
            "frequency": "int64",
            "monetary_amount": "decimal(16, 2)",
            "open_complaints": "int64",
            "homes": "int64",
            "owner_stage": "string",
            "value_tier": "string",
            "portfolio_action": "string",
            **{f"contacts_{key}": "int64" for key in CONTACTS},
        },
        customer_column="customer_id",
    )
)

register_extract(
    Extract(
        name="unit_roles",
        sql=f"""
            SELECT id::text AS unit_role_id, customer_id::text, unit_id::text, role, valid_from, valid_to
            FROM customers_unitrole kept
            WHERE {IS_RECORD}
        """,  # noqa: S608
        columns={
            "unit_role_id": "string",
            "customer_id": "string",
            "unit_id": "string",
            "role": "string",
            "valid_from": "date",
            "valid_to": "date",
        },
        customer_column="customer_id",
    )
)

register_extract(
    Extract(
        name="customer_aliases",
        sql="""
            SELECT id::text AS customer_id, merged_into_id::text AS survivor_id
            FROM customers_customer
            WHERE merged_into_id IS NOT NULL
        """,
        columns={"customer_id": "string", "survivor_id": "string"},
        customer_column="survivor_id",
    )
)

register_extract(
    Extract(
        name="custom_values",
        sql="""
            SELECT c.id::text AS customer_id, field.key AS field, item.value
            FROM customers_customer c
            CROSS JOIN LATERAL jsonb_each(c.custom) AS field(key, value)
            JOIN custom_fields_fielddefinition definition ON definition.object_code = 'customer'
                AND definition.key = field.key AND definition.view_roles = '{}'
            CROSS JOIN LATERAL jsonb_array_elements_text(
                CASE jsonb_typeof(field.value) WHEN 'array' THEN field.value ELSE jsonb_build_array(field.value) END
            ) AS item(value)
            WHERE jsonb_typeof(field.value) <> 'object' AND c.merged_into_id IS NULL AND NOT c.is_canary
        """,
        columns={"customer_id": "string", "field": "string", "value": "string"},
        customer_column="customer_id",
    )
)
