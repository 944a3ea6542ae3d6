-- A name of a project without what does not tell projects apart: a code in front, brackets, quotes, 和/及/与, 项目 or 支出 at the end.
CREATE OR REPLACE TEMP MACRO spelled(name) AS
    regexp_replace(regexp_replace(regexp_replace(name, '^[0-9A-Z]{12,}[-—]*', ''), '[“”"''《》()（）\s和及与、]', '', 'g'), '(项目)?(支出)?$', '');
