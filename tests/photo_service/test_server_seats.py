"""Who may render at the same time: ordinary selfies side by side, a very large one alone."""

from threading import Event, Thread

import pytest
from made_pictures import flat_png, jpeg, pixel_bomb, quartered

from photo_service.codec.weight import decoder_bytes
from photo_service.server_seats import LARGE_BYTES, AllTakenError, Seats, give_memory_back

ORDINARY, LARGE = 60_000_000, LARGE_BYTES + 1


def seats(count: int = 2, *, patience_s: float = 0.05) -> Seats:
    return Seats(count, patience_s=patience_s, tidy=lambda: None)


class TestSeats:
    def test_ordinary_selfies_are_rendered_side_by_side_up_to_the_number_of_places(self):
        """The next one is sent away at once, not kept waiting."""
        places = seats()
        third = places.taken(ORDINARY)
        with places.taken(ORDINARY), places.taken(ORDINARY), pytest.raises(AllTakenError):
            third.__enter__()
        with places.taken(ORDINARY), places.taken(ORDINARY):
            pass

    def test_beside_a_large_selfie_there_is_no_other(self):
        """Neither an ordinary one nor a second large one."""
        places = seats()
        with places.taken(LARGE):
            for size in (ORDINARY, LARGE):
                with pytest.raises(AllTakenError), places.taken(size):
                    pass
        with places.taken(ORDINARY), places.taken(ORDINARY):
            pass

    def test_a_large_selfie_waits_for_the_ordinary_one_that_is_being_rendered(self):
        """It gets its turn although it came second."""
        places, began, ended = seats(patience_s=20), Event(), Event()

        def large() -> None:
            with places.taken(LARGE):
                ended.set()

        with places.taken(ORDINARY):
            waiting = Thread(target=lambda: (began.set(), large()))
            waiting.start()
            began.wait(20)
            assert not ended.is_set()
        assert ended.wait(20)
        waiting.join(20)

    def test_a_large_selfie_that_waited_too_long_gives_back_what_it_held(self):
        """Nobody is shut out for good."""
        places = seats()
        with places.taken(ORDINARY):
            with pytest.raises(AllTakenError), places.taken(LARGE):
                pass
            with places.taken(ORDINARY):
                pass

    def test_a_failure_gives_every_place_back(self):
        """A defect must not make the service smaller."""
        places = seats()
        with pytest.raises(ZeroDivisionError), places.taken(LARGE):
            raise ZeroDivisionError
        with places.taken(LARGE):
            pass

    def test_memory_is_tidied_around_a_large_selfie_alone(self):
        """Going through all memory takes a moment that ordinary ones need not pay for."""
        tidied: list[None] = []
        places = Seats(1, tidy=lambda: tidied.append(None))
        with places.taken(ORDINARY):
            pass
        assert not tidied
        with places.taken(LARGE):
            pass
        assert len(tidied) == 2

    def test_giving_memory_back_harms_nothing(self):
        """Also where the C library knows no such call."""
        kept = bytearray(b"a student's photo" * 100_000)
        give_memory_back()
        assert kept == b"a student's photo" * 100_000


class TestWeight:
    def test_a_phones_picture_is_ordinary_and_a_poster_is_large(self):
        """By the header alone."""
        assert decoder_bytes(jpeg(quartered(4000, 3000))) <= LARGE_BYTES
        assert decoder_bytes(flat_png(7000, 7000)) > LARGE_BYTES

    @pytest.mark.parametrize("data", [b"", b"nothing", pixel_bomb(), jpeg(quartered())[:40]])
    def test_what_will_be_refused_unread_weighs_nothing(self, data: bytes):
        """It needs no place of its own."""
        assert decoder_bytes(data) == 0
