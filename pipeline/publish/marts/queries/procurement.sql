-- What is bought, one row per purchase: the leaves of the tables of government procurement (政府采购), in the column that adds up to the most.
-- A disclosure whose purchases exceed the printed total by more than rounding has `exceeds`: it is held back (`mart_coverage` says so).
-- Rounding: 100 yuan a row, the last place of 万元 printed with two.
WITH purchases AS (
    SELECT l.*, a.disclosure_id
    FROM budget_lines l JOIN disclosed_statements a ON a.document_id = l.document_id AND a.statement = l.statement
    WHERE l.scheme = 'procurement_item' AND l.source = 'table' AND l.is_leaf AND l.level > 0
      AND l.measure IN ('budget', 'final') AND l.nature = 'total' AND l.fund IS NOT NULL
),
columns AS (
    -- of columns by fund the one that comprises the others; of equal ones that of all funds
    SELECT document_id, measure, fund
    FROM purchases GROUP BY document_id, measure, fund
    QUALIFY row_number() OVER (PARTITION BY document_id, measure ORDER BY sum(amount) DESC, fund <> 'total', fund) = 1
),
chosen AS (SELECT p.* FROM purchases p JOIN columns USING (document_id, measure, fund)),
sums AS (SELECT disclosure_id, measure, sum(amount) AS added, count(*) AS rows FROM chosen GROUP BY ALL)
SELECT
    o.*,
    row_number() OVER (PARTITION BY o.disclosure_id ORDER BY c.document_id, c.statement_no, c.row, c."column") AS item,
    c.name,
    c.catalogue_code,
    CASE substr(c.catalogue_code, 1, 1) WHEN 'A' THEN 'goods' WHEN 'B' THEN 'works' WHEN 'C' THEN 'services' ELSE k.category END AS category,
    c.project, c.unit, c.function_code, c.department_economic_code, c.measure, c.amount,
    c.document_id, c.page, c.cell, f.source_url,
    CASE c.measure WHEN 'budget' THEN o.procurement_budget ELSE o.procurement_final END AS printed_total,
    coalesce(s.added > printed_total + s.rows * 100, false) AS exceeds
FROM chosen c
JOIN disclosure_keys o ON o.disclosure_id = c.disclosure_id
JOIN files f ON f.document_id = c.document_id
LEFT JOIN purchase_categories k ON c.catalogue_code IS NULL AND k.word = regexp_replace(c.name, '^[ABC][-—]?', '')
JOIN sums s ON s.disclosure_id = c.disclosure_id AND s.measure = c.measure
