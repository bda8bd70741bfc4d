"""Fills a migrated PostgreSQL with open work items as a country's chancelleries might hold them, by SQL alone.

Of 100 open items 40 wait in chancelleries for anybody, 15 for a head, 10 for a head of department, 25 are held by 500 executors,
6 wait for consulted bodies (2,000 units, some 30 each) and 4 for experts. Terms end between 10 days ago and 40 days from now; one
item in ten has none. Applicants' names are drawn from few common and many rare ones; a third are companies.
"""

from __future__ import annotations

import psycopg

EXECUTORS = 500
BODIES = 2000
INDEXED = ("case", "application", "work_item", "case_word")

PEOPLE = """
INSERT INTO "user" (id, login, name, password_hash, iin, bin, organisation, position, language, active, unit_id, preferences)
SELECT md5('executor' || n), 'bench-executor-' || n, 'Орындаушы ' || n, '', '', '', '', '{{}}', 'kk', true,
       (SELECT id FROM unit WHERE code = 'department'), '{{}}'
FROM generate_series(1, {executors}) AS n;
INSERT INTO role_grant (id, user_id, role)
SELECT md5('grant' || n), md5('executor' || n), 'executor' FROM generate_series(1, {executors}) AS n;
INSERT INTO unit (id, code, name, bin, numbering)
SELECT md5('body' || n), 'bench-body-' || n, '{{}}', '', '' FROM generate_series(1, {bodies}) AS n;
INSERT INTO "user" (id, login, name, password_hash, iin, bin, organisation, position, language, active, unit_id, preferences)
VALUES (md5('body'), 'bench-body', 'Келісуші', '', '', '', '', '{{}}', 'kk', true, md5('body7'), '{{}}');
INSERT INTO role_grant (id, user_id, role) VALUES (md5('grant-body'), md5('body'), 'agreeing_body');
"""

DRAWN = """
CREATE TEMPORARY TABLE drawn AS
SELECT n, md5('case' || n) AS case_id, md5('item' || n) AS item_id,
       CASE WHEN n % 100 < 40 THEN 'chancellery' WHEN n % 100 < 55 THEN 'head' WHEN n % 100 < 65 THEN 'department_head'
            WHEN n % 100 < 90 THEN 'executor' WHEN n % 100 < 96 THEN 'agreeing_body' ELSE 'expert' END AS role,
       power(random(), 2) AS name_rank, random() AS r1, random() AS r2, random() AS r3, random() AS r4
FROM generate_series(1, {items}) AS n;
CREATE TEMPORARY TABLE placed AS
SELECT drawn.*, step.service, step.version_id, step.process, step.element,
       CASE WHEN n % 3 = 0 THEN '«' || surname || '» ЖШС' ELSE surname || ' ' || given END AS name
FROM (SELECT drawn.*, 'Тегі' || floor(name_rank * 20000) || 'ов' AS surname, 'Есім' || floor(r2 * 400) AS given,
             1 + floor(power(r3, 2) * (SELECT max(place) FROM step WHERE step.role = drawn.role))::int AS place
      FROM drawn) AS drawn
JOIN step ON step.role = drawn.role AND step.place = drawn.place;
"""

ROWS = """
INSERT INTO application (id, applicant_id, version_id, service, variant, channel, answers, status, changed_at)
SELECT md5('application' || n), (SELECT id FROM "user" WHERE login = 'company'), version_id, service, 'issue', 'portal', '{{}}',
       'filed', {now} - r1 * interval '30 days'
FROM placed;
INSERT INTO "case" (id, application_id, version_id, service, variant, channel, number, status, applicant_id, applicant_name,
                    applicant_iin, applicant_bin, received_at, registered_at, registered_on, state, rev, history_length,
                    history_head)
SELECT case_id, md5('application' || n), version_id, service, 'issue', 'portal',
       CASE WHEN role = 'chancellery' THEN '' ELSE '2026-' || lpad(n::text, 7, '0') END, 'open',
       (SELECT id FROM "user" WHERE login = 'company'), name, lpad((n % 300000)::text, 12, '9'),
       CASE WHEN n % 3 = 0 THEN lpad((n % 90000)::text, 12, '8') ELSE '' END,
       {now} - r1 * interval '30 days', {now} - r1 * interval '30 days', ({now} - r1 * interval '30 days')::date,
       '\\x00', 0, 0, ''
FROM placed;
INSERT INTO work_item (id, case_id, token, process, element, role, status, service, unit_id, owner_id, opened_at, due_at,
                       priority, rev, outcome, on_behalf_of)
SELECT item_id, case_id, 'token-' || n, process, element, role,
       CASE WHEN role = 'executor' OR n % 4000 = 1 THEN 'reserved' ELSE 'ready' END, service,
       CASE WHEN role = 'agreeing_body' THEN md5('body' || 1 + n % {bodies})
            WHEN role = 'head' AND r4 < 0.5 THEN (SELECT id FROM unit WHERE code = 'provider') END,
       CASE WHEN role = 'executor' THEN md5('executor' || 1 + (n / 100 * 25 + n % 100 - 65) % {executors})
            WHEN n % 4000 = 1 THEN (SELECT id FROM "user" WHERE login = 'clerk') END,
       {now} - r1 * interval '30 days',
       CASE WHEN r4 > 0.1 THEN {now} - interval '10 days' + r2 * interval '50 days' END,
       CASE WHEN r3 > 0.99 THEN 2 WHEN r3 > 0.96 THEN 1 ELSE 0 END, 0, '', ''
FROM placed;
INSERT INTO case_word (case_id, word)
SELECT DISTINCT case_id, word FROM (
    SELECT case_id, unnest(regexp_split_to_array(lower(translate(name, '«»', '')), '\\s+')) AS word FROM placed
    UNION ALL SELECT case_id, '#' || lpad((n % 300000)::text, 12, '9') FROM placed
    UNION ALL SELECT case_id, '#' || lpad((n % 90000)::text, 12, '8') FROM placed WHERE n % 3 = 0
    UNION ALL SELECT case_id, unnest(ARRAY['2026-' || lpad(n::text, 7, '0'), '2026', lpad(n::text, 7, '0')]) FROM placed
              WHERE role <> 'chancellery') AS words;
"""


def fill(address: str, *, items: int, now: str, steps: list[tuple[str, str, str, str, str]]) -> None:
    """Adds so many open items over these steps (role, service, version, process, element). `now` is a moment as SQL writes it."""
    places = {"executors": EXECUTORS, "bodies": BODIES, "items": items, "now": f"timestamptz '{now}'"}
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")  # a million rows are not held against their keys one by one
        connection.execute(
            "CREATE TEMPORARY TABLE step (role text, place int, service text, version_id text, process text, element text)"
        )
        counted: dict[str, int] = {}
        for role, *rest in steps:
            counted[role] = counted.get(role, 0) + 1
            connection.execute("INSERT INTO step VALUES (%s, %s, %s, %s, %s, %s)", (role, counted[role], *rest))
        dropped = _drop_indexes(connection)
        for statements in (PEOPLE, DRAWN, ROWS):
            connection.execute(statements.format(**places))
        for definition in dropped:
            connection.execute(definition)
        connection.execute("VACUUM ANALYZE")


def _drop_indexes(connection: psycopg.Connection) -> list[str]:
    """The definitions of the indexes that are no constraint's, which are dropped: built once they cost less."""
    found = connection.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND indexname LIKE 'ix\\_%%'", (list(INDEXED),)
    ).fetchall()
    for name, _ in found:
        connection.execute(f'DROP INDEX "{name}"')
    return [definition for _, definition in found]
