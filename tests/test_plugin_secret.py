"""A plugin's table says where a secret lies; the secret itself stands nowhere."""

import pytest
from pydantic import BaseModel, ValidationError

from vbdaemon.errors import ConfigurationError
from vbdaemon.plugin_secret import PluginSecret, revealed


class Settings(BaseModel):
    token: PluginSecret


def test_it_is_read_from_a_file_of_the_daemons_user_alone(tmp_path):
    file = tmp_path / "token"
    file.write_text("bí mật\n", "utf-8")
    file.chmod(0o600)
    settings = Settings(token=f"file:{file}")
    assert revealed(settings.token, {}) == "bí mật"
    assert "bí mật" not in repr(settings)


def test_it_is_read_from_the_environment_or_a_credential(tmp_path):
    (tmp_path / "token").write_text("xyz", "utf-8")
    assert revealed(Settings(token="env:TOKEN").token, {"TOKEN": "abc"}) == "abc"
    assert revealed(Settings(token="credential:token").token, {"CREDENTIALS_DIRECTORY": str(tmp_path)}) == "xyz"


def test_a_file_that_others_can_read_is_refused(tmp_path):
    file = tmp_path / "token"
    file.write_text("abc", "utf-8")
    file.chmod(0o644)
    with pytest.raises(ConfigurationError, match="others can read"):
        revealed(f"file:{file}", {})


@pytest.mark.parametrize("slip", ["abc", "file:token", "vault:x", "env:"])
def test_a_secret_itself_or_a_path_from_somewhere_is_a_mistake_in_the_table(slip):
    with pytest.raises(ValidationError):
        Settings(token=slip)
