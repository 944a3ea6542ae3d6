-- “三公”经费 with its parts, one row per disclosure. Vehicles are purchase and operation where only these are printed.
WITH wide AS (
    SELECT disclosure_no,
        sum(amount) FILTER (code = 'total' AND measure = 'budget') AS total_budget,
        sum(amount) FILTER (code = 'total' AND measure = 'final') AS total_final,
        sum(amount) FILTER (code = 'abroad' AND measure = 'budget') AS abroad_budget,
        sum(amount) FILTER (code = 'abroad' AND measure = 'final') AS abroad_final,
        sum(amount) FILTER (code = 'reception' AND measure = 'budget') AS reception_budget,
        sum(amount) FILTER (code = 'reception' AND measure = 'final') AS reception_final,
        sum(amount) FILTER (code = 'vehicles' AND measure = 'budget') AS vehicles_budget,
        sum(amount) FILTER (code = 'vehicles' AND measure = 'final') AS vehicles_final,
        sum(amount) FILTER (code = 'vehicle_purchase' AND measure = 'budget') AS vehicle_purchase_budget,
        sum(amount) FILTER (code = 'vehicle_purchase' AND measure = 'final') AS vehicle_purchase_final,
        sum(amount) FILTER (code = 'vehicle_operation' AND measure = 'budget') AS vehicle_operation_budget,
        sum(amount) FILTER (code = 'vehicle_operation' AND measure = 'final') AS vehicle_operation_final,
        sum(amount) FILTER (code = 'conference' AND measure = 'budget') AS conference_budget,
        sum(amount) FILTER (code = 'conference' AND measure = 'final') AS conference_final,
        sum(amount) FILTER (code = 'training' AND measure = 'budget') AS training_budget,
        sum(amount) FILTER (code = 'training' AND measure = 'final') AS training_final
    FROM chosen_lines WHERE figure = 'three_public' GROUP BY disclosure_no
),
printed_before AS (
    -- the column of the year before that the same table prints, in the same funds
    SELECT disclosure_no, measure, sum(amount) AS amount
    FROM (
        SELECT t.disclosure_no, l.measure, l.fund, first(l.amount ORDER BY l.row, l."column") AS amount
        FROM budget_lines l
        JOIN (SELECT DISTINCT disclosure_no, document_id, statement_no, fund FROM chosen_lines WHERE figure = 'three_public' AND code = 'total') t
            USING (document_id, statement_no, fund)
        WHERE l.code = 'total' AND l.nature = 'total' AND l.unit IS NULL AND l.source = 'table' AND l.contradictions = 0
          AND l.measure IN ('prior_year_budget', 'prior_year_final', 'prior_year')
        GROUP BY t.disclosure_no, l.measure, l.fund
    )
    GROUP BY disclosure_no, measure
    QUALIFY row_number() OVER (PARTITION BY disclosure_no ORDER BY measure DESC) = 1 -- the budget before the account
),
told AS (
    -- what a sentence says of the total's change
    SELECT disclosure_id, amount, before, basis, reason
    FROM changes_on_last_year
    WHERE statement = 'three_public' AND code = 'total' AND unit IS NULL
    QUALIFY row_number() OVER (PARTITION BY disclosure_id ORDER BY before IS NULL, item) = 1
)
SELECT
    o.* EXCLUDE (disclosure_no),
    w.* EXCLUDE (disclosure_no) REPLACE (
        CASE
            WHEN vehicles_budget IS NOT NULL THEN vehicles_budget
            WHEN vehicle_purchase_budget IS NOT NULL OR vehicle_operation_budget IS NOT NULL
                THEN coalesce(vehicle_purchase_budget, 0) + coalesce(vehicle_operation_budget, 0)
        END AS vehicles_budget,
        CASE
            WHEN vehicles_final IS NOT NULL THEN vehicles_final
            WHEN vehicle_purchase_final IS NOT NULL OR vehicle_operation_final IS NOT NULL
                THEN coalesce(vehicle_purchase_final, 0) + coalesce(vehicle_operation_final, 0)
        END AS vehicles_final
    ),
    coalesce(p.amount, t.before) AS total_before,
    CASE WHEN p.amount IS NOT NULL THEN 'table' WHEN t.before IS NOT NULL THEN 'narrative' END AS before_source,
    CASE
        WHEN p.amount IS NOT NULL
            THEN CASE p.measure WHEN 'prior_year_final' THEN 'prior_year_execution' ELSE p.measure END
        WHEN t.before IS NOT NULL THEN t.basis
    END AS before_basis,
    r.reason AS change_reason
FROM wide w
JOIN chosen_disclosures o USING (disclosure_no)
LEFT JOIN printed_before p ON p.disclosure_no = w.disclosure_no
LEFT JOIN told r ON r.disclosure_id = o.disclosure_id
-- the sentence's own amount is the total, but for rounding to 10,000 yuan
LEFT JOIN told t
    ON t.disclosure_id = o.disclosure_id
    AND abs(t.amount - CASE o.kind WHEN 'final_account' THEN w.total_final ELSE w.total_budget END) <= 10000
