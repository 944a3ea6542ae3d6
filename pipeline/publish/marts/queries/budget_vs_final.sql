-- Budget beside final account, by function code, of the widest figure of which a body has both. The budget is that of the body's own
-- disclosure; where the dataset has none, what the final account itself repeats of it code by code, if both add up to their totals.
-- A blank is zero. Rounding: 100 yuan a row, the last place of 万元 printed with two.
WITH known AS (
    SELECT o.fiscal_year, o.province, o.department_id, l.figure
    FROM chosen_lines l JOIN chosen_disclosures o USING (disclosure_no)
    WHERE l.figure IN ('expenditure', 'general_public')
    GROUP BY ALL HAVING count(DISTINCT l.measure) = 2
),
widest AS (
    SELECT fiscal_year, province, department_id, min(figure) AS figure FROM known GROUP BY ALL -- 'expenditure' comprises 'general_public'
),
rows_of_both AS (
    SELECT
        s.*, o.department_id AS body, w.figure,
        CASE w.figure WHEN 'expenditure' THEN s.expenditure_budget ELSE s.general_public_budget END AS budget,
        CASE w.figure WHEN 'expenditure' THEN s.expenditure_final ELSE s.general_public_final END AS final
    FROM spending_by_function s
    JOIN chosen_disclosures o USING (disclosure_id)
    JOIN widest w ON w.fiscal_year = o.fiscal_year AND w.province = o.province AND w.department_id = o.department_id
),
heads AS (
    -- the final account's disclosure says whose the comparison is
    SELECT fiscal_year, province, body, any_value(disclosure_id) AS head
    FROM rows_of_both WHERE final IS NOT NULL GROUP BY ALL
),
from_both AS (
    SELECT
        r.fiscal_year, r.province, first(r.region_code ORDER BY of_another) AS region_code, first(r.region_name ORDER BY of_another) AS region_name,
        first(r.department ORDER BY of_another) AS department, first(r.level ORDER BY of_another) AS level, r.figure,
        first(r.class_code ORDER BY of_another) AS class_code, first(r.class_name ORDER BY of_another) AS class_name, r.code,
        first(r.name ORDER BY of_another) AS name, coalesce(sum(r.budget), 0) AS budget, coalesce(sum(r.final), 0) AS final,
        any_value(budget_document) AS budget_document_id, any_value(final_document) AS final_document_id, any_value(r.head) AS disclosure_id,
        'budget' AS budget_source
    FROM (
        SELECT
            r.*, h.head, r.disclosure_id <> h.head AS of_another,
            any_value(CASE WHEN r.budget IS NOT NULL THEN r.budget_document_id END) OVER body AS budget_document,
            any_value(CASE WHEN r.final IS NOT NULL THEN r.final_document_id END) OVER body AS final_document
        FROM rows_of_both r JOIN heads h ON h.fiscal_year = r.fiscal_year AND h.province = r.province AND h.body = r.body
        WHERE r.budget IS NOT NULL OR r.final IS NOT NULL
        WINDOW body AS (PARTITION BY r.fiscal_year, r.province, r.body)
    ) r
    GROUP BY r.fiscal_year, r.province, r.body, r.figure, r.code, CASE WHEN r.code IS NULL THEN r.name END
),
repeated AS (
    -- items of which a final account states both, in one statement
    SELECT
        o.disclosure_no, l.document_id, l.statement, l.source,
        CASE l.fund WHEN 'fiscal_appropriation' THEN 'fiscal_appropriation' ELSE 'general_public' END AS figure, l.level, l.code,
        coalesce(l.standard_name, l.name) AS name,
        any_value(l.amount) FILTER (l.measure = 'budget') AS budget, any_value(l.amount) FILTER (l.measure = 'final') AS final
    FROM budget_lines l
    JOIN disclosed_statements a ON a.document_id = l.document_id AND a.statement = l.statement
    JOIN chosen_disclosures o ON o.disclosure_id = a.disclosure_id
    WHERE o.kind = 'final_account' AND o.standing IS NULL AND l.scheme = 'function' AND l.flow = 'expenditure' AND l.nature = 'total'
      AND l.unit IS NULL AND l.contradictions = 0 AND l.column_evidence <> 'ambiguous' AND l.measure IN ('budget', 'final')
      AND ((l.fund = 'general_public' AND l.statement = 'general_public_by_function')
        OR (l.fund = 'fiscal_appropriation' AND l.statement = 'fiscal_appropriation_by_function'))
    GROUP BY o.disclosure_no, l.document_id, l.statement, l.source, l.fund, l.level, l.code, coalesce(l.standard_name, l.name)
),
totals AS (
    SELECT disclosure_no, document_id, statement, source, figure, max(budget) AS budget, max(final) AS final
    FROM repeated WHERE level = 0 GROUP BY ALL
),
adding_up AS (
    -- the finest level of items that add up to both totals
    SELECT i.disclosure_no, i.document_id, i.statement, i.source, i.figure
    FROM repeated i JOIN totals t USING (disclosure_no, document_id, statement, source, figure)
    WHERE i.level = 3 AND i.budget IS NOT NULL AND i.final IS NOT NULL
    GROUP BY i.disclosure_no, i.document_id, i.statement, i.source, i.figure
    HAVING abs(sum(i.budget) - any_value(t.budget)) <= 50 * (count(*) + 1) AND abs(sum(i.final) - any_value(t.final)) <= 50 * (count(*) + 1)
    QUALIFY row_number() OVER (PARTITION BY i.disclosure_no ORDER BY i.figure, i.source DESC, i.document_id) = 1 -- fiscal_appropriation is the wider
),
from_final_accounts AS (
    SELECT
        o.fiscal_year, o.province, o.region_code, o.region_name, o.department, o.level, i.figure, substr(i.code, 1, 3) AS class_code,
        c.class_name, i.code, i.name, i.budget, i.final, i.document_id AS budget_document_id, i.document_id AS final_document_id,
        o.disclosure_id, 'final_account' AS budget_source
    FROM repeated i
    JOIN adding_up USING (disclosure_no, document_id, statement, source, figure)
    JOIN chosen_disclosures o USING (disclosure_no)
    LEFT JOIN class_names c ON c.fiscal_year = o.fiscal_year AND c.scheme = 'function' AND c.class_code = substr(i.code, 1, 3)
    LEFT JOIN widest w ON w.fiscal_year = o.fiscal_year AND w.province = o.province AND w.department_id = o.department_id
    WHERE i.level = 3 AND i.budget IS NOT NULL AND i.final IS NOT NULL AND w.figure IS NULL
)
SELECT
    *, final - budget AS difference, percent(final, budget) AS execution_pct
FROM (SELECT * FROM from_both UNION ALL BY NAME SELECT * FROM from_final_accounts)
