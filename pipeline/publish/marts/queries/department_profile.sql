-- One row per disclosure with its totals as printed, where each is printed, and how far to trust them.
WITH totals AS (
    SELECT disclosure_no,
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
    FROM chosen_totals GROUP BY disclosure_no
),
parts AS (
    SELECT disclosure_no,
        sum(amount) FILTER (figure = 'expenditure' AND nature = 'basic' AND measure = 'budget') AS expenditure_basic_budget,
        sum(amount) FILTER (figure = 'expenditure' AND nature = 'basic' AND measure = 'final') AS expenditure_basic_final,
        sum(amount) FILTER (figure = 'expenditure' AND nature = 'project' AND measure = 'budget') AS expenditure_project_budget,
        sum(amount) FILTER (figure = 'expenditure' AND nature = 'project' AND measure = 'final') AS expenditure_project_final
    FROM chosen_lines GROUP BY disclosure_no
),
split AS (
    -- basic spending from the general public budget, where its rows are all there
    SELECT
        l.disclosure_no, l.measure, sum(l.amount) FILTER (l.nature = 'basic') AS basic, count(*) FILTER (l.nature = 'basic') AS rows,
        sum(l.amount) FILTER (l.nature = 'basic_personnel') AS personnel, sum(l.amount) FILTER (l.nature = 'basic_operating') AS operating,
        sum(l.amount) FILTER (l.nature = 'basic' AND substr(l.code, 1, 3) IN ('301', '303')) AS staff,
        bool_and(l.code IS NOT NULL) AS coded, any_value(t.total) AS total, any_value(l.document_id) AS document_id,
        any_value(l.statement_no) AS statement_no
    FROM chosen_lines l JOIN chosen_totals t USING (disclosure_no, figure, measure)
    WHERE l.figure = 'general_public_basic'
    GROUP BY l.disclosure_no, l.measure
    HAVING abs(basic - any_value(t.total)) <= 50 * (rows + 1) -- rounding: 100 yuan a row, the last place of 万元 printed with two
),
printed_split AS (
    SELECT
        s.disclosure_no, s.measure,
        any_value(l.amount) FILTER (l.nature = 'basic_personnel' AND abs(l.amount - s.personnel) <= 50 * (s.rows + 1)) AS personnel,
        any_value(l.amount) FILTER (l.nature = 'basic_operating' AND abs(l.amount - s.operating) <= 50 * (s.rows + 1)) AS operating
    FROM split s JOIN budget_lines l ON l.document_id = s.document_id AND l.statement_no = s.statement_no AND l.measure = s.measure
    WHERE l.source = 'table' AND l.level = 0 AND l.unit IS NULL AND l.fund = 'general_public' AND l.contradictions = 0
    GROUP BY s.disclosure_no, s.measure
),
basic_split AS (
    SELECT
        disclosure_no, measure, s.total AS basic_general_public,
        CASE WHEN p.personnel IS NOT NULL AND p.operating IS NOT NULL THEN 'table' WHEN s.personnel IS NOT NULL THEN 'rows'
             WHEN s.coded THEN 'classes' END AS source,
        CASE source WHEN 'table' THEN p.personnel WHEN 'rows' THEN s.personnel WHEN 'classes' THEN coalesce(s.staff, 0) END AS personnel,
        CASE source WHEN 'table' THEN p.operating WHEN 'rows' THEN s.operating WHEN 'classes' THEN s.total - coalesce(s.staff, 0) END
            AS operating
    FROM split s LEFT JOIN printed_split p USING (disclosure_no, measure)
),
wide_split AS (
    SELECT disclosure_no,
        any_value(basic_general_public) FILTER (measure = 'budget') AS basic_general_public_budget,
        any_value(basic_general_public) FILTER (measure = 'final') AS basic_general_public_final,
        any_value(personnel) FILTER (measure = 'budget') AS basic_personnel_budget,
        any_value(personnel) FILTER (measure = 'final') AS basic_personnel_final,
        any_value(operating) FILTER (measure = 'budget') AS basic_operating_budget,
        any_value(operating) FILTER (measure = 'final') AS basic_operating_final,
        any_value(source) FILTER (measure = 'budget') AS basic_split_budget_source,
        any_value(source) FILTER (measure = 'final') AS basic_split_final_source
    FROM basic_split GROUP BY disclosure_no
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
        SELECT o.disclosure_id FROM settled_totals s JOIN chosen_disclosures o USING (disclosure_no) WHERE s.contradiction IS NOT NULL
    )
    GROUP BY disclosure_id
)
SELECT
    o.* EXCLUDE (disclosure_no, standing), t.* EXCLUDE (disclosure_no), p.* EXCLUDE (disclosure_no), b.* EXCLUDE (disclosure_no), u.budget_units, d.grade,
    coalesce(n.doubts, 0) AS doubts, coalesce(o.standing, 'counted') AS standing
FROM chosen_disclosures o
LEFT JOIN totals t ON t.disclosure_no = o.disclosure_no
LEFT JOIN parts p ON p.disclosure_no = o.disclosure_no
LEFT JOIN wide_split b ON b.disclosure_no = o.disclosure_no
LEFT JOIN units u ON u.disclosure_id = o.disclosure_id
LEFT JOIN disclosures d ON d.disclosure_id = o.disclosure_id
LEFT JOIN doubts n ON n.disclosure_id = o.disclosure_id
