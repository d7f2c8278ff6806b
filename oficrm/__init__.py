"""Business layer of OfiCRM: one function per thing a person does. No Qt and no screens."""

__version__ = "0.1.0"
