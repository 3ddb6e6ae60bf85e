"""kill -9 of the whole server while people save entries in their browsers."""

from __future__ import annotations

import threading
import time
import uuid

from tests.indicators.live import portal_database
from tests.indicators.live_server import LOST, Browser, Server

PEOPLE, KILLS, SAVES_BEFORE_KILL = 4, 3, 12


class Person:
    """Saves one indicator, its own, again and again until the server is gone."""

    def __init__(self, browser: Browser, indicator_id: int) -> None:
        self.browser = browser
        self.page = f"/tc-secretariat/107/indicators/{indicator_id}/entry/"
        self.told: list[str] = []  # what the portal has said is saved
        self.fault: BaseException | None = None

    def start(self) -> threading.Thread:
        thread = threading.Thread(target=self._work)
        thread.start()
        return thread

    def shown(self) -> str:
        return self.browser.form(self.page)["analysis"]

    def _work(self) -> None:
        try:
            while True:
                self._save(uuid.uuid4().hex)
        except LOST:
            pass
        except BaseException as error:
            self.fault = error

    def _save(self, token: str) -> None:
        form = self.browser.form(self.page) | {"analysis": token, "op": "save"}
        status, where, _ = self.browser.post(self.page, form)
        assert (status, where) == (302, self.page)
        self.told.append(token)


def work_until_killed(server: Server, people: list[Person], saves: int) -> None:
    threads = [person.start() for person in people]
    while sum(len(person.told) for person in people) < saves and not faults(people):
        time.sleep(0.01)
    server.kill()
    for thread in threads:
        thread.join()
    assert faults(people) == []


def faults(people: list[Person]) -> list[BaseException]:
    return [person.fault for person in people if person.fault]


def test_everything_the_server_said_was_saved_is_there_after_kill_9(durable):
    database = portal_database()
    server = Server(database)
    keys = database.query("SELECT id FROM indicators_indicator ORDER BY id")
    people = [Person(Browser(server.port), key) for (key,) in keys[:PEOPLE]]
    server.start()
    for person in people:
        person.browser.sign_in("live-clerk")
    for kill in range(1, KILLS + 1):
        work_until_killed(server, people, kill * SAVES_BEFORE_KILL)
        said = {token for person in people for token in person.told}
        assert said - database.tokens() == set()
        server.start()  # and their sessions still hold
        newest = dict(database.query("SELECT indicator_id, analysis FROM indicators_measurement"))
        assert [person.shown() for person in people] == [newest[key] for (key,) in keys[:PEOPLE]]
    server.kill()
    assert database.run("verify_history").returncode == 0
