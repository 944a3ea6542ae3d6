-- Spending by function code, one row per disclosure and code: the finest rows that add up, of each figure from
-- one statement of one file (`chosen_lines`).
-- A code has one name per disclosure, a row without a code its own.
WITH named AS (
    SELECT
        * EXCLUDE (name),
        CASE WHEN code IS NULL THEN name ELSE coalesce(min(standard_name) OVER same, min(name) OVER same) END AS name
    FROM chosen_lines
    WHERE figure IN ('expenditure', 'general_public', 'government_fund', 'state_capital')
    WINDOW same AS (PARTITION BY disclosure_no, code)
),
wide AS (
    SELECT disclosure_no, code, name,
        sum(amount) FILTER (figure = 'expenditure' AND nature = 'total' AND measure = 'budget') AS expenditure_budget,
        sum(amount) FILTER (figure = 'expenditure' AND nature = 'total' AND measure = 'final') AS expenditure_final,
        sum(amount) FILTER (figure = 'expenditure' AND nature = 'basic' AND measure = 'budget') AS expenditure_basic_budget,
        sum(amount) FILTER (figure = 'expenditure' AND nature = 'basic' AND measure = 'final') AS expenditure_basic_final,
        sum(amount) FILTER (figure = 'expenditure' AND nature = 'project' AND measure = 'budget') AS expenditure_project_budget,
        sum(amount) FILTER (figure = 'expenditure' AND nature = 'project' AND measure = 'final') AS expenditure_project_final,
        sum(amount) FILTER (figure = 'general_public' AND nature = 'total' AND measure = 'budget') AS general_public_budget,
        sum(amount) FILTER (figure = 'general_public' AND nature = 'total' AND measure = 'final') AS general_public_final,
        sum(amount) FILTER (figure = 'general_public' AND nature = 'basic' AND measure = 'budget') AS general_public_basic_budget,
        sum(amount) FILTER (figure = 'general_public' AND nature = 'basic' AND measure = 'final') AS general_public_basic_final,
        sum(amount) FILTER (figure = 'general_public' AND nature = 'project' AND measure = 'budget') AS general_public_project_budget,
        sum(amount) FILTER (figure = 'general_public' AND nature = 'project' AND measure = 'final') AS general_public_project_final,
        sum(amount) FILTER (figure = 'government_fund' AND nature = 'total' AND measure = 'budget') AS government_fund_budget,
        sum(amount) FILTER (figure = 'government_fund' AND nature = 'total' AND measure = 'final') AS government_fund_final,
        sum(amount) FILTER (figure = 'state_capital' AND nature = 'total' AND measure = 'budget') AS state_capital_budget,
        sum(amount) FILTER (figure = 'state_capital' AND nature = 'total' AND measure = 'final') AS state_capital_final
    FROM named GROUP BY disclosure_no, code, name
)
SELECT o.* EXCLUDE (disclosure_no), substr(w.code, 1, 3) AS class_code, c.class_name, w.* EXCLUDE (disclosure_no)
FROM wide w
JOIN chosen_disclosures o USING (disclosure_no)
LEFT JOIN class_names c ON c.fiscal_year = o.fiscal_year AND c.scheme = 'function' AND c.class_code = substr(w.code, 1, 3)
