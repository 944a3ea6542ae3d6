-- Changes on the year before that sentences state, each beside this year's amount of the same thing and last year's that follows from both.
WITH stated AS (
    SELECT y.*, f.disclosure_id, f.source_url
    FROM year_on_year y JOIN files f USING (document_id)
    QUALIFY dense_rank() OVER (PARTITION BY f.disclosure_id ORDER BY f.changes DESC, f.file_order) = 1
),
lines AS (
    SELECT document_id, statement, flow, scheme, code, name, unit, fund, nature, measure, any_value(amount ORDER BY row) AS amount
    FROM budget_lines WHERE source = 'narrative' AND measure IN ('budget', 'final')
    GROUP BY ALL
),
figures AS (
    SELECT document_id, indicator, any_value(value ORDER BY item) AS amount FROM key_figures WHERE unit = 'yuan' AND name IS NULL GROUP BY ALL
)
SELECT
    o.*,
    s.item, s.statement, s.flow, s.scheme, s.code, s.name, s.unit, s.fund, s.nature, s.basis,
    coalesce(l.amount, k.amount) AS amount,
    -- a sentence that contradicts itself gives an amount below zero, which no year has had
    CASE WHEN coalesce(l.amount, k.amount) >= s.change_amount THEN coalesce(l.amount, k.amount) - s.change_amount END AS before,
    s.change_amount, s.change_pct, s.flat, s.reason, s.document_id, s.page, s.source_url
FROM stated s
JOIN disclosure_keys o ON o.disclosure_id = s.disclosure_id
LEFT JOIN lines l
    ON l.document_id = s.document_id AND l.statement = s.statement AND l.flow = s.flow AND l.scheme = s.scheme AND l.name = s.name
    AND l.code IS NOT DISTINCT FROM s.code AND l.unit IS NOT DISTINCT FROM s.unit AND l.fund IS NOT DISTINCT FROM s.fund
    AND l.nature IS NOT DISTINCT FROM s.nature
    AND l.measure = CASE o.kind WHEN 'final_account' THEN 'final' ELSE 'budget' END
LEFT JOIN figures k ON s.scheme = 'indicator' AND k.document_id = s.document_id AND k.indicator = s.code
