//! How Terraform asks whether we are well, and how it asks us to leave.

use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status};

use super::proto::health::health_check_response::ServingStatus;
use super::proto::health::{HealthCheckRequest, HealthCheckResponse, health_server};
use super::proto::plugin::{Empty, grpc_controller_server};

/// `plugin.GRPCController`: cancels the token when it is time to leave.
pub(super) struct Controller(pub CancellationToken);

#[tonic::async_trait]
impl grpc_controller_server::GrpcController for Controller {
    async fn shutdown(&self, _: Request<Empty>) -> Result<Response<Empty>, Status> {
        self.0.cancel();
        Ok(Response::new(Empty {}))
    }
}

/// `grpc.health.v1.Health`, of the one service that is called `plugin`.
pub(super) struct Health;

#[tonic::async_trait]
impl health_server::Health for Health {
    async fn check(&self, request: Request<HealthCheckRequest>) -> Result<Response<HealthCheckResponse>, Status> {
        match request.get_ref().service.as_str() {
            "" | "plugin" => Ok(Response::new(HealthCheckResponse { status: ServingStatus::Serving.into() })),
            _ => Err(Status::not_found("there is no such service")),
        }
    }
}
