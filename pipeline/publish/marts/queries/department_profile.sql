-- One row per disclosure with its totals as printed, where each is printed, and how far to trust them.
WITH totals AS (
    SELECT office,
        any_value(total) FILTER (figure = 'revenue' AND measure = 'budget') AS revenue_budget,
        any_value(coalesce(source, 'rows')) FILTER (figure = 'revenue' AND measure = 'budget') AS revenue_budget_source,
        any_value(total) FILTER (figure = 'revenue' AND measure = 'final') AS revenue_final,
        any_value(coalesce(source, 'rows')) FILTER (figure = 'revenue' AND measure = 'final') AS revenue_final_source,
        any_value(total) FILTER (figure = 'expenditure' AND measure = 'budget') AS expenditure_budget,
        any_value(coalesce(source, 'rows')) FILTER (figure = 'expenditure' AND measure = 'budget') AS expenditure_budget_source,
        any_value(coalesce(grand, total)) FILTER (figure = 'expenditure' AND measure = 'budget') AS grand_total_budget,
        any_value(total) FILTER (figure = 'expenditure' AND measure = 'final') AS expenditure_final,
        any_value(coalesce(source, 'rows')) FILTER (figure = 'expenditure' AND measure = 'final') AS expenditure_final_source,
        any_value(coalesce(grand, total)) FILTER (figure = 'expenditure' AND measure = 'final') AS grand_total_final,
        any_value(total) FILTER (figure = 'general_public' AND measure = 'budget') AS general_public_budget,
        any_value(coalesce(source, 'rows')) FILTER (figure = 'general_public' AND measure = 'budget') AS general_public_budget_source,
        any_value(total) FILTER (figure = 'general_public' AND measure = 'final') AS general_public_final,
        any_value(coalesce(source, 'rows')) FILTER (figure = 'general_public' AND measure = 'final') AS general_public_final_source,
        any_value(total) FILTER (figure = 'government_fund' AND measure = 'budget') AS government_fund_budget,
        any_value(coalesce(source, 'rows')) FILTER (figure = 'government_fund' AND measure = 'budget') AS government_fund_budget_source,
        any_value(total) FILTER (figure = 'government_fund' AND measure = 'final') AS government_fund_final,
        any_value(coalesce(source, 'rows')) FILTER (figure = 'government_fund' AND measure = 'final') AS government_fund_final_source,
        any_value(total) FILTER (figure = 'state_capital' AND measure = 'budget') AS state_capital_budget,
        any_value(coalesce(source, 'rows')) FILTER (figure = 'state_capital' AND measure = 'budget') AS state_capital_budget_source,
        any_value(total) FILTER (figure = 'state_capital' AND measure = 'final') AS state_capital_final,
        any_value(coalesce(source, 'rows')) FILTER (figure = 'state_capital' AND measure = 'final') AS state_capital_final_source,
        any_value(total) FILTER (figure = 'three_public' AND measure = 'budget') AS three_public_budget,
        any_value(coalesce(source, 'rows')) FILTER (figure = 'three_public' AND measure = 'budget') AS three_public_budget_source,
        any_value(total) FILTER (figure = 'three_public' AND measure = 'final') AS three_public_final,
        any_value(coalesce(source, 'rows')) FILTER (figure = 'three_public' AND measure = 'final') AS three_public_final_source,
        any_value(total) FILTER (figure = 'procurement' AND measure = 'budget') AS procurement_budget,
        any_value(coalesce(source, 'rows')) FILTER (figure = 'procurement' AND measure = 'budget') AS procurement_budget_source,
        any_value(total) FILTER (figure = 'procurement' AND measure = 'final') AS procurement_final,
        any_value(coalesce(source, 'rows')) FILTER (figure = 'procurement' AND measure = 'final') AS procurement_final_source,
        any_value(total) FILTER (figure = 'agency_operating' AND measure = 'budget') AS agency_operating_budget,
        any_value(coalesce(source, 'rows')) FILTER (figure = 'agency_operating' AND measure = 'budget') AS agency_operating_budget_source,
        any_value(total) FILTER (figure = 'agency_operating' AND measure = 'final') AS agency_operating_final,
        any_value(coalesce(source, 'rows')) FILTER (figure = 'agency_operating' AND measure = 'final') AS agency_operating_final_source
    FROM chosen_totals GROUP BY office
),
parts AS (
    SELECT office,
        sum(amount) FILTER (figure = 'expenditure' AND nature = 'basic' AND measure = 'budget') AS expenditure_basic_budget,
        sum(amount) FILTER (figure = 'expenditure' AND nature = 'basic' AND measure = 'final') AS expenditure_basic_final,
        sum(amount) FILTER (figure = 'expenditure' AND nature = 'project' AND measure = 'budget') AS expenditure_project_budget,
        sum(amount) FILTER (figure = 'expenditure' AND nature = 'project' AND measure = 'final') AS expenditure_project_final
    FROM chosen_lines GROUP BY office
),
published AS (SELECT DISTINCT document_id, disclosure_id FROM documents WHERE status = 'published'),
units AS (
    SELECT p.disclosure_id, first(k.value ORDER BY k.document_id, k.item) AS budget_units
    FROM key_figures k JOIN published p USING (document_id)
    WHERE k.indicator = 'budget_units' GROUP BY p.disclosure_id
),
doubts AS (
    -- failed checks of severity error, or between files, and totals in question
    SELECT disclosure_id, count(*) AS doubts
    FROM (
        SELECT p.disclosure_id FROM checks c JOIN published p USING (document_id)
        WHERE c.outcome = 'fail' AND (c.severity = 'error' OR c.check_id = 'D1')
        UNION ALL
        SELECT o.disclosure_id FROM settled_totals s JOIN chosen_disclosures o USING (office) WHERE s.contradiction IS NOT NULL
    )
    GROUP BY disclosure_id
)
SELECT
    o.* EXCLUDE (office, standing), t.* EXCLUDE (office), p.* EXCLUDE (office), u.budget_units, d.grade,
    coalesce(n.doubts, 0) AS doubts, coalesce(o.standing, 'counted') AS standing
FROM chosen_disclosures o
LEFT JOIN totals t ON t.office = o.office
LEFT JOIN parts p ON p.office = o.office
LEFT JOIN units u ON u.disclosure_id = o.disclosure_id
LEFT JOIN disclosures d ON d.disclosure_id = o.disclosure_id
LEFT JOIN doubts n ON n.disclosure_id = o.disclosure_id
