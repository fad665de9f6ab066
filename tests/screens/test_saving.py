"""What a key sets on the screen is kept beside what stands in the settings by then."""

import datetime

from mtl_tui import config, places


async def test_a_changed_language_keeps_what_was_written_meanwhile_and_a_file_with_a_line_that_does_not_count(program):
    file = places.config_file()
    async with program() as it:
        file.parent.mkdir(parents=True, exist_ok=True)
        written = 'langauge = "en"\ninterview_date = 2026-12-08\nbanks = ["mine"]\n'
        file.write_text(written)
        await it.press("z")
        settings, problems = config.load(file)
        assert (settings.language, settings.banks, problems) == ("zh", ("mine",), [])
        assert settings.interview_date == datetime.date(2026, 12, 8)
        (kept,) = file.parent.glob("config.toml.*")
        assert kept.read_text() == written and str(kept) in it.toasts
