"""People work in the same mailbox, the link breaks, copies arrive: whatever comes in what order, all holds."""

import random

import pytest

pytestmark = pytest.mark.slow
TARGET = "Đã tiếp nhận"
STEPS = ("imap.committed", "imap.remembered", "imap.copied", "imap.marked", "imap.told", "imap.settled", "spool.copied")


class BrokenOffError(Exception):
    """The session ends here."""


class Day:
    """A mailbox on a busy day; it knows which letters people took out of the folder that we read."""

    def __init__(self, chance, office, user, mail, after):
        self.chance = chance
        self.office = office
        self.user = user
        self.mail = mail
        self.settings = user.settings(after=after)
        self.brought = []
        self.taken_out = set()

    def arrive(self):
        self.brought.append(self.mail(len(self.brought), self.chance.choice((0, 500, 5000))))
        self.user.bring(self.brought[-1])

    def arrive_again(self):
        if self.brought:
            self.user.bring(self.chance.choice(self.brought))

    def on_one(self, act):
        with self.user.client() as client:
            uids = client.search(["ALL"])
            if uids:
                act(client, self.chance.choice(uids))

    def flag(self):
        self.on_one(lambda client, uid: client.add_flags([uid], [self.chance.choice(("\\Seen", "\\Deleted", "x"))]))

    def unflag(self):
        self.on_one(lambda client, uid: client.remove_flags([uid], ["$vbdaemon", "\\Deleted"]))

    def take_out(self):
        def act(client, uid):
            self.taken_out.add(client.fetch([uid], ["BODY.PEEK[]"])[uid][b"BODY[]"])
            client.move([uid], "Lưu") if self.chance.random() < 0.5 else client.copy([uid], "Lưu")
            client.add_flags([uid], ["\\Deleted"])
            client.uid_expunge([uid])

        self.on_one(act)

    def look(self):
        self.office.look(self.settings)

    def look_and_break_off(self):
        wanted = self.chance.choice(STEPS)

        def failpoint(step):
            if step == wanted:
                raise BrokenOffError

        self.office.failpoint = failpoint
        try:
            self.look()
        except BrokenOffError:
            pass
        finally:
            self.office.failpoint = lambda step: None


@pytest.mark.parametrize("after", ["flag", "move", "copy", "delete"])
@pytest.mark.parametrize("seed", range(2))
def test_whatever_people_do_beside_us_each_letter_is_taken_once(office, dovecot, mail, seed, after):
    user = dovecot.add("uidplus" if after == "copy" else "whole")
    user.create("Lưu")
    day = Day(random.Random(f"{seed}{after}"), office, user, mail, after.replace("copy", "move"))
    acts = [day.arrive] * 4 + [day.arrive_again, day.flag, day.unflag, day.take_out, day.look]
    acts += [day.look_and_break_off] * 3
    for number in range(45):
        day.chance.choice(acts)()
        if number == 30 and seed == 0:
            user.renumber()
    day.look()
    taken = office.taken()
    assert len(taken) == len(set(taken))
    assert set(day.brought) >= set(taken) >= set(day.brought) - day.taken_out
    left = user.messages()
    if after == "flag":
        assert set(left) <= set(taken)
    else:
        assert left == []
    if after in ("move", "copy"):
        assert set(user.messages(TARGET)) | day.taken_out >= set(taken)
    assert set(office.states().values()) <= {"TOLD", "VANISHED"}
