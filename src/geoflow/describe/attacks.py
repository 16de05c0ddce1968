"""The table of attacks; in a module of its own, because it loads torch."""

from geoflow.ground import Table
from geoflow.learning.attacks import Attack
from geoflow.learning.auto_attack import AutoAttack

ATTACKS: Table[type] = Table("attack", {"pgd": Attack, "auto_attack": AutoAttack})
