-- Projects with their amounts, one row per project. Two places may list them: the table of project spending (项目支出表), and what the document
-- says of each project (forms, lists, sentences). The table is taken, unless it exceeds the printed project spending; else the descriptions,
-- unless they do. Tasks of the whole department (`whole_department`) repeat the money of projects and of basic spending, and are none.
-- Rounding: 100 yuan a row, the last place of 万元 printed with two. In a table that names no units, a name printed twice may be two units' projects: each row stays one.
-- Spellings of one name are one project (`spelled`).
WITH listed AS (
    SELECT l.document_id, l.measure, l.fund, l.nature, l.name, l.unit, l.code, l.amount, l.page, l.statement_no, l.row
    FROM budget_lines l JOIN disclosed_statements a ON a.document_id = l.document_id AND a.statement = l.statement
    WHERE l.scheme = 'project' AND l.source = 'table' AND l.is_leaf AND l.level > 0
      AND l.measure IN ('budget', 'final') AND l.fund IS NOT NULL AND l.nature IN ('total', 'project')
),
columns AS (
    SELECT document_id, measure, fund, nature
    FROM listed GROUP BY document_id, measure, fund, nature
    QUALIFY row_number() OVER (PARTITION BY document_id, measure ORDER BY sum(amount) DESC, fund <> 'total', nature <> 'project', fund) = 1
),
of_tables AS (
    SELECT
        document_id, measure, 'table' AS source, unit, spelled(name) AS spelling, any_value(name ORDER BY statement_no, row) AS project,
        sum(amount) AS amount, min(page) AS page, min(statement_no::BIGINT * 1000000 + row) AS place
    FROM listed JOIN columns USING (document_id, measure, fund, nature)
    GROUP BY document_id, measure, unit, spelled(name), CASE WHEN unit IS NULL THEN (statement_no, row) END
),
of_descriptions AS (
    -- one spelling with one amount is one project of whoever carries it out; with several amounts it is several
    SELECT
        p.document_id, 'budget' AS measure, 'description' AS source, any_value(p.implementer ORDER BY p.item) AS unit,
        spelled(p.project) AS spelling, any_value(p.project ORDER BY p.item) AS project, p.amount, min(p.page) AS page,
        min(p.item) AS place
    FROM projects p
    WHERE p.amount IS NOT NULL AND p.project <> getvariable('whole_department') AND p.part_of IS NULL AND p.project IS DISTINCT FROM p.department
    GROUP BY p.document_id, spelled(p.project), p.amount, p.implementer
),
candidates AS (
    SELECT * FROM of_tables UNION ALL BY NAME SELECT * FROM of_descriptions
),
printed AS (
    -- in the profile, else the largest total that any table of the disclosure names 项目支出
    SELECT
        disclosure_id, measure,
        coalesce(CASE measure WHEN 'budget' THEN o.expenditure_project_budget ELSE o.expenditure_project_final END, t.total) AS project_spending
    FROM disclosure_keys o CROSS JOIN (VALUES ('budget'), ('final')) AS m (measure)
    LEFT JOIN (
        SELECT f.disclosure_id, l.measure, max(l.amount) AS total
        FROM budget_lines l JOIN files f USING (document_id)
        WHERE l.level = 0 AND l.nature = 'project' AND l.flow = 'expenditure' AND l.unit IS NULL
        GROUP BY ALL
    ) t USING (disclosure_id, measure)
),
sums AS (
    SELECT
        f.disclosure_id, c.document_id, c.measure, c.source, sum(c.amount) AS added, any_value(p.project_spending) AS whole,
        sum(c.amount) > any_value(p.project_spending) + count(*) * 100 AS exceeds
    FROM candidates c JOIN files f USING (document_id) LEFT JOIN printed p ON p.disclosure_id = f.disclosure_id AND p.measure = c.measure
    GROUP BY f.disclosure_id, c.document_id, c.measure, c.source
    QUALIFY row_number() OVER (
        PARTITION BY f.disclosure_id, c.measure ORDER BY coalesce(exceeds, false), c.source DESC, added DESC, c.document_id
    ) = 1
),
described AS (
    SELECT
        f.disclosure_id, spelled(p.project) AS spelling, any_value(p.implementer ORDER BY p.item) AS implementer,
        any_value(p.period ORDER BY p.item) AS period, any_value(p.basis ORDER BY p.item) AS basis, any_value(p.goal ORDER BY p.item) AS goal
    FROM projects p JOIN files f USING (document_id)
    GROUP BY ALL
)
SELECT
    o.*,
    row_number() OVER (PARTITION BY o.disclosure_id ORDER BY c.measure, c.amount DESC, c.project, c.unit, c.place) AS item,
    c.project, c.unit, c.measure, c.amount, s.source, d.implementer, d.period, d.basis, d.goal,
    c.document_id, c.page, f.source_url, s.whole AS printed_total, coalesce(s.exceeds, false) AS exceeds
FROM candidates c
JOIN sums s ON s.document_id = c.document_id AND s.measure = c.measure AND s.source = c.source
JOIN disclosure_keys o ON o.disclosure_id = s.disclosure_id
JOIN files f ON f.document_id = c.document_id
LEFT JOIN described d ON d.disclosure_id = s.disclosure_id AND d.spelling = c.spelling
