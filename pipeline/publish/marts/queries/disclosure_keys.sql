-- Every disclosure, with what says whose a row is and how far to trust it.
CREATE TEMP TABLE disclosure_keys AS
SELECT
    fiscal_year, province, region_code, region_name, department_id, department, level, kind, standing, grade, doubts, disclosure_id,
    procurement_budget, procurement_final, expenditure_project_budget, expenditure_project_final
FROM department_profile;
