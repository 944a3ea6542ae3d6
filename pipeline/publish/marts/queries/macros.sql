-- A name of a project without what does not tell projects apart: a code in front, brackets, quotes, words that join or end it
-- (`project_joiners`, `project_endings`: patterns of the words in schemas/vocabulary/mart_words.csv).
CREATE OR REPLACE TEMP MACRO spelled(name) AS regexp_replace(
    regexp_replace(
        regexp_replace(name, '^[0-9A-Z]{12,}[-—]*', ''), '[“”"''《》()（）\s]|' || getvariable('project_joiners'), '', 'g'
    ),
    getvariable('project_endings'), ''
);

-- A part in percent of a whole, exact to four decimals; null from a million times on, which is no comparison and in no column of percentages.
CREATE OR REPLACE TEMP MACRO percent(part, whole) AS CASE WHEN abs(part * 100)::HUGEINT < 1000000 * abs(whole * 100)::HUGEINT - 1 THEN
    (sign(part) * sign(whole) * ((abs(part * 100)::HUGEINT * 2000000 + abs(whole * 100)::HUGEINT) // (2 * abs(whole * 100)::HUGEINT)))::DECIMAL(18, 0)
    * 0.0001::DECIMAL(5, 4)
END;
