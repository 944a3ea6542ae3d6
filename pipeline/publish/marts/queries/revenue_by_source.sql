-- Revenue by source of money, one row per disclosure and fund: the finest rows that add up.
WITH wide AS (
    SELECT disclosure_no, fund,
        sum(amount) FILTER (figure = 'revenue' AND nature = 'total' AND measure = 'budget') AS revenue_budget,
        sum(amount) FILTER (figure = 'revenue' AND nature = 'total' AND measure = 'final') AS revenue_final
    FROM chosen_lines WHERE figure = 'revenue' GROUP BY disclosure_no, fund
)
SELECT o.* EXCLUDE (disclosure_no), w.* EXCLUDE (disclosure_no)
FROM wide w JOIN chosen_disclosures o USING (disclosure_no)
