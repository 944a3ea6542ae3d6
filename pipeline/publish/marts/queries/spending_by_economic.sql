-- Spending by departmental economic code, one row per disclosure and code: the finest rows that add up, of each figure from
-- one statement of one file (`chosen_lines`).
-- A code has one name per disclosure, a row without a code its own.
WITH named AS (
    SELECT
        * EXCLUDE (name),
        CASE WHEN code IS NULL THEN name ELSE coalesce(min(standard_name) OVER same, min(name) OVER same) END AS name
    FROM chosen_lines
    WHERE figure IN ('general_public_basic', 'general_public_economic', 'fiscal_appropriation_basic')
    WINDOW same AS (PARTITION BY disclosure_no, code)
),
wide AS (
    SELECT disclosure_no, code, name,
        sum(amount) FILTER (figure = 'general_public_basic' AND nature = 'basic' AND measure = 'budget') AS basic_budget,
        sum(amount) FILTER (figure = 'general_public_basic' AND nature = 'basic' AND measure = 'final') AS basic_final,
        sum(amount) FILTER (figure = 'general_public_basic' AND nature = 'basic_personnel' AND measure = 'budget') AS basic_personnel_budget,
        sum(amount) FILTER (figure = 'general_public_basic' AND nature = 'basic_personnel' AND measure = 'final') AS basic_personnel_final,
        sum(amount) FILTER (figure = 'general_public_basic' AND nature = 'basic_operating' AND measure = 'budget') AS basic_operating_budget,
        sum(amount) FILTER (figure = 'general_public_basic' AND nature = 'basic_operating' AND measure = 'final') AS basic_operating_final,
        sum(amount) FILTER (figure = 'general_public_economic' AND nature = 'total' AND measure = 'budget') AS general_public_budget,
        sum(amount) FILTER (figure = 'general_public_economic' AND nature = 'total' AND measure = 'final') AS general_public_final,
        sum(amount) FILTER (figure = 'fiscal_appropriation_basic' AND nature = 'basic' AND measure = 'budget') AS fiscal_appropriation_basic_budget,
        sum(amount) FILTER (figure = 'fiscal_appropriation_basic' AND nature = 'basic' AND measure = 'final') AS fiscal_appropriation_basic_final
    FROM named GROUP BY disclosure_no, code, name
)
SELECT o.* EXCLUDE (disclosure_no), substr(w.code, 1, 3) AS class_code, c.class_name, w.* EXCLUDE (disclosure_no)
FROM wide w
JOIN chosen_disclosures o USING (disclosure_no)
LEFT JOIN class_names c ON c.fiscal_year = o.fiscal_year AND c.scheme = 'department_economic' AND c.class_code = substr(w.code, 1, 3)
