-- Budget units, vehicles, equipment and buildings that the narrative counts, one row per disclosure; blank where nothing states it.
WITH counted AS (
    SELECT f.disclosure_id, k.indicator, any_value(k.value ORDER BY f.file_order, k.item) AS value
    FROM key_figures k JOIN files f USING (document_id)
    WHERE k.name IS NULL AND k.unit IN ('count', 'm2')
    GROUP BY ALL
),
wide AS (
    SELECT
        disclosure_id,
        any_value(value) FILTER (indicator = 'budget_units') AS budget_units,
        any_value(value) FILTER (indicator = 'budget_units_administrative') AS administrative_units,
        any_value(value) FILTER (indicator = 'budget_units_public_institution') AS public_institutions,
        any_value(value) FILTER (indicator = 'vehicles_owned') AS vehicles_owned,
        any_value(value) FILTER (indicator = 'vehicles_to_purchase') AS vehicles_to_purchase,
        any_value(value) FILTER (indicator = 'equipment_over_200k_owned') AS equipment_over_200k_owned,
        any_value(value) FILTER (indicator = 'equipment_over_500k_owned') AS equipment_over_500k_owned,
        any_value(value) FILTER (indicator = 'equipment_over_1m_owned') AS equipment_over_1m_owned,
        any_value(value) FILTER (indicator = 'equipment_over_1m_to_purchase') AS equipment_over_1m_to_purchase,
        any_value(value) FILTER (indicator = 'buildings_owned') AS buildings_owned,
        any_value(value) FILTER (indicator = 'performance_projects') AS projects_with_targets
    FROM counted GROUP BY ALL
)
SELECT o.*, w.* EXCLUDE (disclosure_id)
FROM wide w JOIN disclosure_keys o USING (disclosure_id)
WHERE coalesce(
    budget_units, administrative_units, public_institutions, vehicles_owned, vehicles_to_purchase, equipment_over_200k_owned,
    equipment_over_500k_owned, equipment_over_1m_owned, equipment_over_1m_to_purchase, buildings_owned, projects_with_targets
) IS NOT NULL
