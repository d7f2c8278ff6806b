"""Numbers of a series: none twice and, as they are taken within the transaction, none left out."""

import threading

from sqlalchemy.orm import Session

from db.counters import next_number, peek_number
from db.engine import WRITES, open_engine


def test_numbers_follow_each_other_by_series(session):
    assert [next_number(session, "P") for _ in range(3)] == ["P-000001", "P-000002", "P-000003"]
    assert next_number(session, "PRE", 3) == "PRE-001"
    assert next_number(session, "P", 2) == "P-04"


def test_looking_ahead_takes_nothing(session):
    assert [peek_number(session, "P"), peek_number(session, "P")] == ["P-000001", "P-000001"]
    next_number(session, "P")
    assert peek_number(session, "P") == "P-000002"


def test_a_number_of_work_that_failed_is_given_out_again(session):
    next_number(session, "P")
    session.commit()
    next_number(session, "P")
    session.rollback()
    assert next_number(session, "P") == "P-000002"


def _take(url, start, amount, taken, failures):
    engine = open_engine(url, pooled=False)
    try:
        start.wait(30)
        for place in range(amount):
            with Session(engine.execution_options(**{WRITES: True})) as session:
                number = next_number(session, "P")
                if place % 4 == 3:
                    session.rollback()
                else:
                    session.commit()
                    taken.append(number)
    except Exception as error:
        failures.append(error)
    finally:
        engine.dispose()


def test_many_writers_at_once_get_each_number_once(engine_url):
    _race(engine_url, begun=True)


def test_many_writers_at_once_begin_a_series(engine_url):
    _race(engine_url, begun=False)


def _race(url, begun):
    writers, amount = 4, 12
    taken: list[str] = []
    failures: list[Exception] = []
    if begun:
        engine = open_engine(url, pooled=False)
        with Session(engine.execution_options(**{WRITES: True})) as session:
            taken.append(next_number(session, "P"))
            session.commit()
        engine.dispose()
    start = threading.Barrier(writers)
    threads = [threading.Thread(target=_take, args=(url, start, amount, taken, failures)) for _ in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert sorted(taken) == [f"P-{number:06}" for number in range(1, len(taken) + 1)]
    assert len(taken) == writers * amount * 3 // 4 + begun
