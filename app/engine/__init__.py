"""The engine: the only part of Rasim that knows SpiffWorkflow. Others use what is named here alone."""

from app.engine.engine import Engine
from app.engine.migrating import Migration, NotMigrated
from app.engine.process import Lane, Process

__all__ = ["Engine", "Lane", "Migration", "NotMigrated", "Process"]
