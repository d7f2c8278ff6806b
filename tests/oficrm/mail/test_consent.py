"""No enviar correos: who asked for no mail is named wherever mail is about to be written."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from db.history import operation
from db.models.person import Person
from oficrm import deleting
from oficrm.mail.consent import no_mail
from tests.support.post import AZAHAR, RUIZ, Known, open_post

Post = tuple[Session, Known]


@pytest.fixture
def post(started_url: str) -> Iterator[Post]:
    with open_post(started_url) as made:
        yield made


def test_who_asked_for_no_mail_is_named_however_the_address_is_written(post: Post) -> None:
    session, known = post
    assert no_mail(session, RUIZ) is None
    with operation(session, "No enviar correos"):
        session.get_one(Person, known.marta).email_opt_out = True
    for written in (RUIZ, f" {RUIZ.upper()} ", f"mailto:{RUIZ}", f"{AZAHAR},{RUIZ}", f"{AZAHAR}; Gil, Marta <{RUIZ}>"):
        assert no_mail(session, written) == "Marta Gil 0"
    for other in (AZAHAR, "", "mailto:", f"{RUIZ}.mx", "Marta Gil 0"):
        assert no_mail(session, other) is None
    deleting.delete(session, "person", [known.marta], frozenset({"dependents"}))
    assert no_mail(session, RUIZ) is None
