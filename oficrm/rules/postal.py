"""Postal codes and the province (Spain) or state (Mexico) that their first two figures stand for."""

import re

from oficrm.rules.problems import Invalid
from oficrm.rules.text import clean_line

_SPAIN = (
    "Álava",
    "Albacete",
    "Alicante",
    "Almería",
    "Ávila",
    "Badajoz",
    "Illes Balears",
    "Barcelona",
    "Burgos",
    "Cáceres",
    "Cádiz",
    "Castellón",
    "Ciudad Real",
    "Córdoba",
    "A Coruña",
    "Cuenca",
    "Girona",
    "Granada",
    "Guadalajara",
    "Gipuzkoa",
    "Huelva",
    "Huesca",
    "Jaén",
    "León",
    "Lleida",
    "La Rioja",
    "Lugo",
    "Madrid",
    "Málaga",
    "Murcia",
    "Navarra",
    "Ourense",
    "Asturias",
    "Palencia",
    "Las Palmas",
    "Pontevedra",
    "Salamanca",
    "Santa Cruz de Tenerife",
    "Cantabria",
    "Segovia",
    "Sevilla",
    "Soria",
    "Tarragona",
    "Teruel",
    "Toledo",
    "Valencia",
    "Valladolid",
    "Bizkaia",
    "Zamora",
    "Zaragoza",
    "Ceuta",
    "Melilla",
)
# State -> first and last pair of figures.
_MEXICO = {
    "Ciudad de México": (1, 16),
    "Aguascalientes": (20, 20),
    "Baja California": (21, 22),
    "Baja California Sur": (23, 23),
    "Campeche": (24, 24),
    "Coahuila": (25, 27),
    "Colima": (28, 28),
    "Chiapas": (29, 30),
    "Chihuahua": (31, 33),
    "Durango": (34, 35),
    "Guanajuato": (36, 38),
    "Guerrero": (39, 41),
    "Hidalgo": (42, 43),
    "Jalisco": (44, 49),
    "Estado de México": (50, 57),
    "Michoacán": (58, 61),
    "Morelos": (62, 62),
    "Nayarit": (63, 63),
    "Nuevo León": (64, 67),
    "Oaxaca": (68, 71),
    "Puebla": (72, 75),
    "Querétaro": (76, 76),
    "Quintana Roo": (77, 77),
    "San Luis Potosí": (78, 79),
    "Sinaloa": (80, 82),
    "Sonora": (83, 85),
    "Tabasco": (86, 86),
    "Tamaulipas": (87, 89),
    "Tlaxcala": (90, 90),
    "Veracruz": (91, 96),
    "Yucatán": (97, 97),
    "Zacatecas": (98, 99),
}
_REGION_OF_PREFIX: dict[str, dict[str, str]] = {
    "ES": {f"{number:02}": name for number, name in enumerate(_SPAIN, 1)},
    "MX": {f"{number:02}": name for name, (first, last) in _MEXICO.items() for number in range(first, last + 1)},
}
_OTHER = re.compile(r"[0-9A-Z][0-9A-Z \-]{1,10}[0-9A-Z]", re.ASCII)


def clean_postal_code(text: str, country: str) -> str:
    """The code as it is stored: five figures in Spain and Mexico, with a first pair that exists; lenient elsewhere.

    Raises Invalid with the reason.
    """
    code = clean_line(text).upper()
    regions = _REGION_OF_PREFIX.get(country.upper())
    if regions is None:
        if not _OTHER.fullmatch(code):
            raise Invalid("No es un código postal: admite de 3 a 12 letras y cifras.")
        return code
    code = code.replace(" ", "")
    if not re.fullmatch("[0-9]{5}", code, re.ASCII):
        hint = f" ¿Es 0{code}?" if re.fullmatch("[0-9]{4}", code, re.ASCII) else ""
        raise Invalid(f"El código postal tiene 5 cifras.{hint}")
    if code[:2] not in regions:
        place = "ninguna provincia" if country.upper() == "ES" else "ningún estado"
        raise Invalid(f"Ese código postal no es de {place}: no hay ninguno que empiece por {code[:2]}.")
    return code


def region_of(postal_code: str, country: str) -> str | None:
    """Province or state of a postal code; None when the country or the code is not known."""
    return _REGION_OF_PREFIX.get(country.upper(), {}).get(postal_code[:2])


def region_names(country: str) -> tuple[str, ...]:
    """Provinces or states of a country in the order of their codes; empty when they are not known."""
    return tuple(dict.fromkeys(_REGION_OF_PREFIX.get(country.upper(), {}).values()))
