-- “三公”经费 with its parts, one row per disclosure. Vehicles are purchase and operation where only these are printed.
WITH wide AS (
    SELECT office,
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
    FROM chosen_lines WHERE figure = 'three_public' GROUP BY office
)
SELECT
    o.* EXCLUDE (office),
    w.* EXCLUDE (office) REPLACE (
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
    )
FROM wide w JOIN chosen_disclosures o USING (office)
