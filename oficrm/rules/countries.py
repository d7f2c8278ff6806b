"""Countries and currencies by their Spanish names: ISO 3166 and ISO 4217 codes that our users meet."""

from oficrm.rules.problems import Invalid
from oficrm.rules.text import plain

COUNTRIES: dict[str, str] = {
    "ES": "España", "MX": "México", "AD": "Andorra", "AE": "Emiratos Árabes Unidos", "AR": "Argentina",
    "AT": "Austria", "AU": "Australia", "BE": "Bélgica", "BG": "Bulgaria", "BO": "Bolivia", "BR": "Brasil",
    "BZ": "Belice", "CA": "Canadá", "CH": "Suiza", "CL": "Chile", "CN": "China", "CO": "Colombia",
    "CR": "Costa Rica", "CU": "Cuba", "CY": "Chipre", "CZ": "Chequia", "DE": "Alemania", "DK": "Dinamarca",
    "DO": "República Dominicana", "DZ": "Argelia", "EC": "Ecuador", "EE": "Estonia", "EG": "Egipto",
    "FI": "Finlandia", "FR": "Francia", "GB": "Reino Unido", "GI": "Gibraltar", "GQ": "Guinea Ecuatorial",
    "GR": "Grecia", "GT": "Guatemala", "HN": "Honduras", "HR": "Croacia", "HU": "Hungría", "IE": "Irlanda",
    "IL": "Israel", "IN": "India", "IT": "Italia", "JP": "Japón", "KR": "Corea del Sur", "LT": "Lituania",
    "LU": "Luxemburgo", "LV": "Letonia", "MA": "Marruecos", "MT": "Malta", "NI": "Nicaragua", "NL": "Países Bajos",
    "NO": "Noruega", "NZ": "Nueva Zelanda", "PA": "Panamá", "PE": "Perú", "PH": "Filipinas", "PL": "Polonia",
    "PR": "Puerto Rico", "PT": "Portugal", "PY": "Paraguay", "RO": "Rumanía", "RU": "Rusia", "SA": "Arabia Saudí",
    "SE": "Suecia", "SI": "Eslovenia", "SK": "Eslovaquia", "SV": "El Salvador", "TN": "Túnez", "TR": "Turquía",
    "UA": "Ucrania", "US": "Estados Unidos", "UY": "Uruguay", "VE": "Venezuela", "ZA": "Sudáfrica",
}  # fmt: skip
CURRENCIES: dict[str, str] = {
    "EUR": "Euro", "MXN": "Peso mexicano", "USD": "Dólar estadounidense", "GBP": "Libra esterlina",
    "CHF": "Franco suizo", "ARS": "Peso argentino", "CLP": "Peso chileno", "COP": "Peso colombiano",
    "PEN": "Sol peruano", "UYU": "Peso uruguayo",
}  # fmt: skip
_BY_NAME = {plain(name): code for code, name in COUNTRIES.items()}


def country_name(code: str) -> str:
    """Return the Spanish name of a country code; unknown codes stand for themselves."""
    return COUNTRIES.get(code, code)


def parse_country(text: str) -> str:
    """Read a country by code or Spanish name. Raises Invalid."""
    typed = text.strip()
    if typed.upper() in COUNTRIES:
        return typed.upper()
    if found := _BY_NAME.get(plain(typed)):
        return found
    raise Invalid("Elija un país de la lista.")
