-- What the queries of the marts read beside the tables: made first, in this order.

-- Published files, in the order in which their disclosure names them, with the number of changes that each states.
CREATE TEMP TABLE files AS
SELECT
    d.document_id, any_value(d.disclosure_id) AS disclosure_id, any_value(d.source_url) AS source_url,
    any_value(list_position(o.documents, d.document_id)) AS file_order, count(y.document_id) AS changes
FROM documents d JOIN disclosures o USING (disclosure_id) LEFT JOIN year_on_year y ON y.document_id = d.document_id
WHERE d.status = 'published' GROUP BY d.document_id;

-- The file that each statement of a disclosure is taken from.
CREATE TEMP TABLE disclosed_statements AS
SELECT disclosure_id, unnest(statements) AS statement, unnest(taken_from) AS document_id FROM disclosures;

-- The names of the 类 in each fiscal year; of several in force the newest.
CREATE TEMP TABLE class_names AS
SELECT y.fiscal_year, c.scheme, c.code AS class_code, c.name AS class_name
FROM (SELECT DISTINCT fiscal_year FROM chosen_disclosures) y
JOIN codes c ON c.level = 1 AND y.fiscal_year BETWEEN c.first_year AND coalesce(c.last_year, 9999)
QUALIFY row_number() OVER (PARTITION BY y.fiscal_year, c.scheme, c.code ORDER BY c.first_year DESC, c.name) = 1;
