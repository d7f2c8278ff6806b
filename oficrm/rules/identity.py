"""What identifies people and companies outside the program: tax ids, phones, e-mail and web addresses.

Each function takes what was typed and returns the one form that is stored, so that equal things compare equal, or
raises Invalid. Spain ("ES") and Mexico ("MX") are checked strictly, other countries leniently. The libraries are
imported where they are used: together they would cost a noticeable part of the program's start.
"""

import re
from urllib.parse import urlsplit

from oficrm.rules.problems import Invalid
from oficrm.rules.text import clean_line

# Mexico's stand-ins for "public in general" and "foreigner": shared by any number of clients.
_GENERIC_TAX_IDS = frozenset({"XAXX010101000", "XEXX010101000"})
_OTHER_TAX_ID = re.compile(r"[0-9A-Z]{4,20}", re.ASCII)
_MEXICAN_MOBILE = re.compile(r"(?:\+|00)52\s*1[\s.\-]*(?=(?:[0-9][\s.\-]*){10}$)", re.ASCII)
_HOST = re.compile(r"(?:[^\W_](?:[\w\-]{0,61}[^\W_])?\.)+[^\W\d_][\w\-]{1,62}")
_MAX_EMAIL = 254
_MAX_URL = 2000


def clean_tax_id(text: str, country: str) -> str:
    """A tax id without blanks, dots and dashes, in capitals: NIF, CIF or NIE in Spain, RFC in Mexico.

    Raises Invalid when the control character is wrong (Spain), the date or length impossible (Mexico), or, elsewhere,
    when it is not 4 to 20 letters and figures.
    """
    typed = re.sub(r"[\s.\-/]", "", clean_line(text).upper())
    if country.upper() == "ES":
        return _spanish_tax_id(typed)
    if country.upper() == "MX":
        return _mexican_tax_id(typed)
    if not _OTHER_TAX_ID.fullmatch(typed):
        raise Invalid("La identificación fiscal admite de 4 a 20 letras y cifras.")
    return typed


def is_generic_tax_id(tax_id: str) -> bool:
    """Whether many clients may share it (the RFC of the public in general and that of foreigners)."""
    return tax_id.upper() in _GENERIC_TAX_IDS


def tax_id_label(country: str) -> str:
    """What the field is called in a country."""
    return {"ES": "NIF", "MX": "RFC"}.get(country.upper(), "Identificación fiscal")


def clean_phone(text: str, country: str) -> str:
    """A telephone in international form (E.164), its extension after it: "+34961234567", "+34961234567 ext. 12".

    A number without prefix belongs to `country`. Raises Invalid for one that its country's numbering plan cannot have.
    """
    import phonenumbers

    typed = _MEXICAN_MOBILE.sub("+52", clean_line(text))
    region = country.upper() if country.upper() in phonenumbers.SUPPORTED_REGIONS else None
    try:
        number = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException as error:
        hint = "" if region else " Escríbalo con el prefijo de su país (+34…)."
        raise Invalid(f"No es un teléfono.{hint}") from error
    strict = number.country_code in (34, 52)
    if not (phonenumbers.is_valid_number(number) if strict else phonenumbers.is_possible_number(number)):
        raise Invalid(_phone_hint(number.country_code or 0))
    stored = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{stored} ext. {number.extension}" if number.extension else stored


def format_phone(stored: str, country: str) -> str:
    """A stored telephone for reading: the national form within `country`, else the international one.

    Text that is not a stored telephone comes back as it is.
    """
    import phonenumbers

    try:
        number = phonenumbers.parse(stored, None)
    except phonenumbers.NumberParseException:
        return stored
    at_home = phonenumbers.region_code_for_country_code(number.country_code or 0) == country.upper()
    formats = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, formats.NATIONAL if at_home else formats.INTERNATIONAL)


def clean_email(text: str) -> str:
    """An e-mail address in lower case. Raises Invalid for anything else, a name with the address included."""
    import email_validator

    typed = clean_line(text)
    if len(typed) > _MAX_EMAIL:
        raise Invalid(f"Admite {_MAX_EMAIL} caracteres como máximo y tiene {len(typed)}.")
    try:
        checked = email_validator.validate_email(typed, check_deliverability=False)
    except email_validator.EmailNotValidError as error:
        raise Invalid("No es una dirección de correo. Debe ser como nombre@empresa.com.") from error
    return checked.normalized.lower()


def clean_url(text: str) -> str:
    """A web address with its scheme, "https://" when none was typed, host in lower case.

    Only http and https are taken, without user name: others could run something or pretend to be another site.
    Raises Invalid.
    """
    typed = clean_line(text)
    if len(typed) > _MAX_URL:
        raise Invalid(f"Admite {_MAX_URL} caracteres como máximo y tiene {len(typed)}.")
    if "://" not in typed:
        typed = f"https://{typed}"
    try:
        parts = urlsplit(typed)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise Invalid(_URL_HINT) from error
    unsafe = parts.scheme.lower() not in ("http", "https") or "@" in parts.netloc or " " in typed or "\\" in typed
    if unsafe or not _HOST.fullmatch(host):
        raise Invalid(_URL_HINT)
    netloc = host if port is None else f"{host}:{port}"
    path = "" if parts.path == "/" and not (parts.query or parts.fragment) else parts.path
    return parts._replace(scheme=parts.scheme.lower(), netloc=netloc, path=path).geturl()


_URL_HINT = "No es una dirección web. Debe ser como www.empresa.com."


def _spanish_tax_id(typed: str) -> str:
    from stdnum.es import nif
    from stdnum.exceptions import InvalidChecksum, ValidationError

    try:
        return nif.validate(typed)
    except InvalidChecksum as error:
        raise Invalid("La letra o cifra de control del NIF no corresponde. Revíselo.") from error
    except ValidationError as error:
        raise Invalid("No es un NIF, CIF o NIE. Debe ser como 12345678Z, B12345674 o X1234567L.") from error


def _mexican_tax_id(typed: str) -> str:
    from stdnum.exceptions import InvalidComponent, ValidationError
    from stdnum.mx import rfc

    if len(typed) not in (12, 13):
        raise Invalid("El RFC tiene 12 caracteres (empresa) o 13 (persona).")
    if typed in _GENERIC_TAX_IDS:
        return typed
    try:
        # The check digit is left alone: the tax authority itself has issued thousands with another one.
        return rfc.validate(typed, validate_check_digits=False)
    except InvalidComponent as error:
        raise Invalid("La fecha que contiene el RFC no existe o sus letras no se admiten.") from error
    except ValidationError as error:
        raise Invalid("No es un RFC. Debe ser como ABC850101AB1 o GODE561231GR8.") from error


def _phone_hint(prefix: int) -> str:
    if prefix == 34:
        return "No es un teléfono de España: son 9 cifras que empiezan por 6, 7, 8 o 9."
    if prefix == 52:
        return "No es un teléfono de México: son 10 cifras con la lada."
    return "El teléfono tiene cifras de más o de menos."
