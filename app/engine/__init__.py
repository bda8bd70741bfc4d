"""The engine: the only part of Rasim that knows SpiffWorkflow. Others use `Engine`, `Process` and `Lane` alone."""

from app.engine.engine import Engine
from app.engine.process import Lane, Process

__all__ = ["Engine", "Lane", "Process"]
