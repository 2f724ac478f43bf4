"""Our own mail listener: SMTP, SMTP over TLS, and LMTP behind another mail server."""

from vbdaemon.intake.smtp.intake import SmtpIntake
from vbdaemon.intake.smtp.settings import SmtpSettings

__all__ = ["SmtpIntake", "SmtpSettings"]
