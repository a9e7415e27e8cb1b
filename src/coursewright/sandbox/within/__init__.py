"""Within a process of its own: the fence around code, its patience, and the values that come out."""

from coursewright.faces import on_first_use

TYPE_CHECKING = False  # `typing` is slow to load, and every such process begins with this room

if TYPE_CHECKING:
    from coursewright.sandbox.within.fence import Forbidden
    from coursewright.sandbox.within.patience import TooLong, Watch, limited
    from coursewright.sandbox.within.running import TOO_LONG
    from coursewright.sandbox.within.values import pack, unpack
else:
    __getattr__ = on_first_use(__name__, __file__)
