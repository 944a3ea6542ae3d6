-- A name of a project without what does not tell projects apart: a code in front, brackets, quotes, 和/及/与, 项目 or 支出 at the end.
CREATE OR REPLACE TEMP MACRO spelled(name) AS
    regexp_replace(regexp_replace(regexp_replace(name, '^[0-9A-Z]{12,}[-—]*', ''), '[“”"''《》()（）\s和及与、]', '', 'g'), '(项目)?(支出)?$', '');
-- A part in percent of a whole, exact to four decimals.
CREATE OR REPLACE TEMP MACRO percent(part, whole) AS CASE WHEN whole <> 0 THEN
    (sign(part) * sign(whole) * ((abs(part * 100)::HUGEINT * 2000000 + abs(whole * 100)::HUGEINT) // (2 * abs(whole * 100)::HUGEINT)))::DECIMAL(18, 0)
    * 0.0001::DECIMAL(5, 4)
END;
