"""What other libraries say, if the caller has imported them: nothing here imports one."""

import sys
from typing import Any


def loaded(module: str, name: str, default: Any = None) -> Any:
    """An attribute of a module that somebody has imported already, else `default`."""
    return getattr(sys.modules.get(module), name, default)


def setting(name: str, default: Any) -> Any:
    """An entry of scikit-learn's configuration, which holds for the current thread."""
    get_config = loaded("sklearn", "get_config")
    return default if get_config is None else get_config().get(name, default)


class DataConversionWarning(UserWarning):
    """Data were not in the shape asked for, and have been brought into it."""


def data_conversion_warning() -> type[Warning]:
    """scikit-learn's class of that name where it is loaded, so that filters set for it apply."""
    category: type[Warning] = loaded("sklearn.exceptions", "DataConversionWarning", DataConversionWarning)
    return category
