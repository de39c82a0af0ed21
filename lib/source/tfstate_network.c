/* Attributes of Terraform resources of the network, and what AWS calls them. */
#include "source/tfstate.h"

static const struct kb_tfstate_member launch_template[] = {
    {"id", "LaunchTemplateVersions.0.LaunchTemplateId", KB_TF_COPY},
    {"latest_version", "LaunchTemplateVersions.0.VersionNumber", KB_TF_COPY},
    {"true", "LaunchTemplateVersions.0.DefaultVersion", KB_TF_CONST},
    {"metadata_options.0.http_tokens",
     "LaunchTemplateVersions.0.LaunchTemplateData.MetadataOptions.HttpTokens", KB_TF_COPY},
    {"metadata_options.0.http_put_response_hop_limit",
     "LaunchTemplateVersions.0.LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit", KB_TF_POSITIVE},
    {"metadata_options.0.http_endpoint",
     "LaunchTemplateVersions.0.LaunchTemplateData.MetadataOptions.HttpEndpoint", KB_TF_COPY},
    {"vpc_security_group_ids.*",
     "LaunchTemplateVersions.0.LaunchTemplateData.SecurityGroupIds.*", KB_TF_COPY},
    {"network_interfaces.*.security_groups.*",
     "LaunchTemplateVersions.0.LaunchTemplateData.NetworkInterfaces.*.Groups.*", KB_TF_COPY},
    {"block_device_mappings.*.ebs.0.encrypted",
     "LaunchTemplateVersions.0.LaunchTemplateData.BlockDeviceMappings.*.Ebs.Encrypted", KB_TF_FLAG},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member security_group[] = {
    {"id", "SecurityGroups.0.GroupId", KB_TF_COPY},
    {"arn", "SecurityGroups.0.SecurityGroupArn", KB_TF_COPY},
    {"name", "SecurityGroups.0.GroupName", KB_TF_COPY},
    {"vpc_id", "SecurityGroups.0.VpcId", KB_TF_COPY},
    {"owner_id", "SecurityGroups.0.OwnerId", KB_TF_COPY},
    {"ingress", "SecurityGroups.0.IpPermissions", KB_TF_LIST},
    {"ingress.*.protocol", "SecurityGroups.0.IpPermissions.*.IpProtocol", KB_TF_COPY},
    {"ingress.*.from_port", "SecurityGroups.0.IpPermissions.*.FromPort", KB_TF_COPY},
    {"ingress.*.to_port", "SecurityGroups.0.IpPermissions.*.ToPort", KB_TF_COPY},
    {"ingress.*.cidr_blocks.*", "SecurityGroups.0.IpPermissions.*.IpRanges.*.CidrIp", KB_TF_COPY},
    {"ingress.*.ipv6_cidr_blocks.*",
     "SecurityGroups.0.IpPermissions.*.Ipv6Ranges.*.CidrIpv6", KB_TF_COPY},
    {"ingress.*.prefix_list_ids.*",
     "SecurityGroups.0.IpPermissions.*.PrefixListIds.*.PrefixListId", KB_TF_COPY},
    {"ingress.*.security_groups.*",
     "SecurityGroups.0.IpPermissions.*.UserIdGroupPairs.*.GroupId", KB_TF_COPY},
    {"egress", "SecurityGroups.0.IpPermissionsEgress", KB_TF_LIST},
    {"egress.*.protocol", "SecurityGroups.0.IpPermissionsEgress.*.IpProtocol", KB_TF_COPY},
    {"egress.*.from_port", "SecurityGroups.0.IpPermissionsEgress.*.FromPort", KB_TF_COPY},
    {"egress.*.to_port", "SecurityGroups.0.IpPermissionsEgress.*.ToPort", KB_TF_COPY},
    {"egress.*.cidr_blocks.*",
     "SecurityGroups.0.IpPermissionsEgress.*.IpRanges.*.CidrIp", KB_TF_COPY},
    {"egress.*.ipv6_cidr_blocks.*",
     "SecurityGroups.0.IpPermissionsEgress.*.Ipv6Ranges.*.CidrIpv6", KB_TF_COPY},
    {"egress.*.prefix_list_ids.*",
     "SecurityGroups.0.IpPermissionsEgress.*.PrefixListIds.*.PrefixListId", KB_TF_COPY},
    {"egress.*.security_groups.*",
     "SecurityGroups.0.IpPermissionsEgress.*.UserIdGroupPairs.*.GroupId", KB_TF_COPY},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member vpc_security_group_ingress_rule[] = {
    {"security_group_id", "SecurityGroups.0.GroupId", KB_TF_COPY},
    {"ip_protocol", "SecurityGroups.0.IpPermissions.0.IpProtocol", KB_TF_COPY},
    {"from_port", "SecurityGroups.0.IpPermissions.0.FromPort", KB_TF_COPY},
    {"to_port", "SecurityGroups.0.IpPermissions.0.ToPort", KB_TF_COPY},
    {"cidr_ipv4", "SecurityGroups.0.IpPermissions.0.IpRanges.0.CidrIp", KB_TF_COPY},
    {"cidr_ipv6", "SecurityGroups.0.IpPermissions.0.Ipv6Ranges.0.CidrIpv6", KB_TF_COPY},
    {"prefix_list_id", "SecurityGroups.0.IpPermissions.0.PrefixListIds.0.PrefixListId", KB_TF_COPY},
    {"referenced_security_group_id",
     "SecurityGroups.0.IpPermissions.0.UserIdGroupPairs.0.GroupId", KB_TF_COPY},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member vpc_security_group_egress_rule[] = {
    {"security_group_id", "SecurityGroups.0.GroupId", KB_TF_COPY},
    {"ip_protocol", "SecurityGroups.0.IpPermissionsEgress.0.IpProtocol", KB_TF_COPY},
    {"from_port", "SecurityGroups.0.IpPermissionsEgress.0.FromPort", KB_TF_COPY},
    {"to_port", "SecurityGroups.0.IpPermissionsEgress.0.ToPort", KB_TF_COPY},
    {"cidr_ipv4", "SecurityGroups.0.IpPermissionsEgress.0.IpRanges.0.CidrIp", KB_TF_COPY},
    {"cidr_ipv6", "SecurityGroups.0.IpPermissionsEgress.0.Ipv6Ranges.0.CidrIpv6", KB_TF_COPY},
    {"prefix_list_id",
     "SecurityGroups.0.IpPermissionsEgress.0.PrefixListIds.0.PrefixListId", KB_TF_COPY},
    {"referenced_security_group_id",
     "SecurityGroups.0.IpPermissionsEgress.0.UserIdGroupPairs.0.GroupId", KB_TF_COPY},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member subnet[] = {
    {"id", "Subnets.0.SubnetId", KB_TF_COPY},
    {"arn", "Subnets.0.SubnetArn", KB_TF_COPY},
    {"vpc_id", "Subnets.0.VpcId", KB_TF_COPY},
    {"owner_id", "Subnets.0.OwnerId", KB_TF_COPY},
    {"cidr_block", "Subnets.0.CidrBlock", KB_TF_COPY},
    {"availability_zone", "Subnets.0.AvailabilityZone", KB_TF_COPY},
    {"map_public_ip_on_launch", "Subnets.0.MapPublicIpOnLaunch", KB_TF_COPY},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member route_table[] = {
    {"id", "RouteTables.0.RouteTableId", KB_TF_COPY},
    {"vpc_id", "RouteTables.0.VpcId", KB_TF_COPY},
    {"route.*.cidr_block", "RouteTables.0.Routes.*.DestinationCidrBlock", KB_TF_COPY},
    {"route.*.ipv6_cidr_block", "RouteTables.0.Routes.*.DestinationIpv6CidrBlock", KB_TF_COPY},
    {"route.*.destination_prefix_list_id",
     "RouteTables.0.Routes.*.DestinationPrefixListId", KB_TF_COPY},
    {"route.*.gateway_id", "RouteTables.0.Routes.*.GatewayId", KB_TF_COPY},
    {"route.*.nat_gateway_id", "RouteTables.0.Routes.*.NatGatewayId", KB_TF_COPY},
    {"route.*.transit_gateway_id", "RouteTables.0.Routes.*.TransitGatewayId", KB_TF_COPY},
    {"route.*.vpc_peering_connection_id",
     "RouteTables.0.Routes.*.VpcPeeringConnectionId", KB_TF_COPY},
    {"route.*.network_interface_id", "RouteTables.0.Routes.*.NetworkInterfaceId", KB_TF_COPY},
    {"route.*.egress_only_gateway_id",
     "RouteTables.0.Routes.*.EgressOnlyInternetGatewayId", KB_TF_COPY},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member default_route_table[] = {
    {"id", "RouteTables.0.RouteTableId", KB_TF_COPY},
    {"vpc_id", "RouteTables.0.VpcId", KB_TF_COPY},
    {"true", "RouteTables.0.Associations.0.Main", KB_TF_CONST},
    {"route.*.cidr_block", "RouteTables.0.Routes.*.DestinationCidrBlock", KB_TF_COPY},
    {"route.*.ipv6_cidr_block", "RouteTables.0.Routes.*.DestinationIpv6CidrBlock", KB_TF_COPY},
    {"route.*.destination_prefix_list_id",
     "RouteTables.0.Routes.*.DestinationPrefixListId", KB_TF_COPY},
    {"route.*.gateway_id", "RouteTables.0.Routes.*.GatewayId", KB_TF_COPY},
    {"route.*.nat_gateway_id", "RouteTables.0.Routes.*.NatGatewayId", KB_TF_COPY},
    {"route.*.transit_gateway_id", "RouteTables.0.Routes.*.TransitGatewayId", KB_TF_COPY},
    {"route.*.vpc_peering_connection_id",
     "RouteTables.0.Routes.*.VpcPeeringConnectionId", KB_TF_COPY},
    {"route.*.network_interface_id", "RouteTables.0.Routes.*.NetworkInterfaceId", KB_TF_COPY},
    {"route.*.egress_only_gateway_id",
     "RouteTables.0.Routes.*.EgressOnlyInternetGatewayId", KB_TF_COPY},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member route[] = {
    {"route_table_id", "RouteTables.0.RouteTableId", KB_TF_COPY},
    {"destination_cidr_block", "RouteTables.0.Routes.0.DestinationCidrBlock", KB_TF_COPY},
    {"destination_ipv6_cidr_block", "RouteTables.0.Routes.0.DestinationIpv6CidrBlock", KB_TF_COPY},
    {"destination_prefix_list_id", "RouteTables.0.Routes.0.DestinationPrefixListId", KB_TF_COPY},
    {"gateway_id", "RouteTables.0.Routes.0.GatewayId", KB_TF_COPY},
    {"nat_gateway_id", "RouteTables.0.Routes.0.NatGatewayId", KB_TF_COPY},
    {"transit_gateway_id", "RouteTables.0.Routes.0.TransitGatewayId", KB_TF_COPY},
    {"vpc_peering_connection_id", "RouteTables.0.Routes.0.VpcPeeringConnectionId", KB_TF_COPY},
    {"network_interface_id", "RouteTables.0.Routes.0.NetworkInterfaceId", KB_TF_COPY},
    {"egress_only_gateway_id", "RouteTables.0.Routes.0.EgressOnlyInternetGatewayId", KB_TF_COPY},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member route_table_association[] = {
    {"route_table_id", "RouteTables.0.RouteTableId", KB_TF_COPY},
    {"subnet_id", "RouteTables.0.Associations.0.SubnetId", KB_TF_COPY},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member main_route_table_association[] = {
    {"route_table_id", "RouteTables.0.RouteTableId", KB_TF_COPY},
    {"vpc_id", "RouteTables.0.VpcId", KB_TF_COPY},
    {"true", "RouteTables.0.Associations.0.Main", KB_TF_CONST},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member nat_gateway[] = {
    {"id", "NatGateways.0.NatGatewayId", KB_TF_COPY},
    {"subnet_id", "NatGateways.0.SubnetId", KB_TF_COPY},
    {"availability_mode", "NatGateways.0.AvailabilityMode", KB_TF_COPY},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member vpc_endpoint[] = {
    {"id", "VpcEndpoints.0.VpcEndpointId", KB_TF_COPY},
    {"vpc_id", "VpcEndpoints.0.VpcId", KB_TF_COPY},
    {"service_name", "VpcEndpoints.0.ServiceName", KB_TF_COPY},
    {"state", "VpcEndpoints.0.State", KB_TF_COPY},
    {"policy", "VpcEndpoints.0.PolicyDocument", KB_TF_COPY},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member flow_log[] = {
    {"id", "FlowLogs.0.FlowLogId", KB_TF_COPY},
    {"vpc_id", "FlowLogs.0.ResourceId", KB_TF_COPY},
    {"subnet_id", "FlowLogs.0.ResourceId", KB_TF_COPY},
    {"traffic_type", "FlowLogs.0.TrafficType", KB_TF_COPY},
    {"ACTIVE", "FlowLogs.0.FlowLogStatus", KB_TF_CONST},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member vpc_peering_connection[] = {
    {"id", "VpcPeeringConnections.0.VpcPeeringConnectionId", KB_TF_COPY},
    {"vpc_id", "VpcPeeringConnections.0.RequesterVpcInfo.VpcId", KB_TF_COPY},
    {"peer_vpc_id", "VpcPeeringConnections.0.AccepterVpcInfo.VpcId", KB_TF_COPY},
    {"peer_owner_id", "VpcPeeringConnections.0.AccepterVpcInfo.OwnerId", KB_TF_COPY},
    {"peer_region", "VpcPeeringConnections.0.AccepterVpcInfo.Region", KB_TF_COPY},
    {"accept_status", "VpcPeeringConnections.0.Status.Code", KB_TF_COPY},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member ebs_encryption_by_default[] = {
    {"enabled", "EbsEncryptionByDefault", KB_TF_COPY},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member ebs_snapshot_block_public_access[] = {
    {"state", "State", KB_TF_COPY},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member security_group_rule_in[] = {
    {"security_group_id", "SecurityGroups.0.GroupId", KB_TF_COPY},
    {"protocol", "SecurityGroups.0.IpPermissions.0.IpProtocol", KB_TF_COPY},
    {"from_port", "SecurityGroups.0.IpPermissions.0.FromPort", KB_TF_COPY},
    {"to_port", "SecurityGroups.0.IpPermissions.0.ToPort", KB_TF_COPY},
    {"cidr_blocks.*", "SecurityGroups.0.IpPermissions.0.IpRanges.*.CidrIp", KB_TF_COPY},
    {"ipv6_cidr_blocks.*", "SecurityGroups.0.IpPermissions.0.Ipv6Ranges.*.CidrIpv6", KB_TF_COPY},
    {"prefix_list_ids.*",
     "SecurityGroups.0.IpPermissions.0.PrefixListIds.*.PrefixListId", KB_TF_COPY},
    {"source_security_group_id",
     "SecurityGroups.0.IpPermissions.0.UserIdGroupPairs.0.GroupId", KB_TF_COPY},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member security_group_rule_out[] = {
    {"security_group_id", "SecurityGroups.0.GroupId", KB_TF_COPY},
    {"protocol", "SecurityGroups.0.IpPermissionsEgress.0.IpProtocol", KB_TF_COPY},
    {"from_port", "SecurityGroups.0.IpPermissionsEgress.0.FromPort", KB_TF_COPY},
    {"to_port", "SecurityGroups.0.IpPermissionsEgress.0.ToPort", KB_TF_COPY},
    {"cidr_blocks.*", "SecurityGroups.0.IpPermissionsEgress.0.IpRanges.*.CidrIp", KB_TF_COPY},
    {"ipv6_cidr_blocks.*",
     "SecurityGroups.0.IpPermissionsEgress.0.Ipv6Ranges.*.CidrIpv6", KB_TF_COPY},
    {"prefix_list_ids.*",
     "SecurityGroups.0.IpPermissionsEgress.0.PrefixListIds.*.PrefixListId", KB_TF_COPY},
    {"source_security_group_id",
     "SecurityGroups.0.IpPermissionsEgress.0.UserIdGroupPairs.0.GroupId", KB_TF_COPY},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_call calls[] = {
    {"aws_launch_template", "ec2", "describe-launch-template-versions", "name",
     launch_template, NULL, NULL},
    {"aws_security_group", "ec2", "describe-security-groups", NULL, security_group, NULL, NULL},
    {"aws_default_security_group", "ec2", "describe-security-groups", NULL,
     security_group, NULL, NULL},
    {"aws_vpc_security_group_ingress_rule", "ec2", "describe-security-groups", NULL,
     vpc_security_group_ingress_rule, NULL, NULL},
    {"aws_vpc_security_group_egress_rule", "ec2", "describe-security-groups", NULL,
     vpc_security_group_egress_rule, NULL, NULL},
    {"aws_subnet", "ec2", "describe-subnets", NULL, subnet, NULL, NULL},
    {"aws_route_table", "ec2", "describe-route-tables", NULL, route_table, NULL, NULL},
    {"aws_default_route_table", "ec2", "describe-route-tables", NULL,
     default_route_table, NULL, NULL},
    {"aws_route", "ec2", "describe-route-tables", NULL, route, NULL, NULL},
    {"aws_route_table_association", "ec2", "describe-route-tables", NULL,
     route_table_association, NULL, NULL},
    {"aws_main_route_table_association", "ec2", "describe-route-tables", NULL,
     main_route_table_association, NULL, NULL},
    {"aws_nat_gateway", "ec2", "describe-nat-gateways", NULL, nat_gateway, NULL, NULL},
    {"aws_vpc_endpoint", "ec2", "describe-vpc-endpoints", NULL, vpc_endpoint, NULL, NULL},
    {"aws_flow_log", "ec2", "describe-flow-logs", NULL, flow_log, NULL, NULL},
    {"aws_vpc_peering_connection", "ec2", "describe-vpc-peering-connections", NULL,
     vpc_peering_connection, NULL, NULL},
    {"aws_ebs_encryption_by_default", "ec2", "get-ebs-encryption-by-default", NULL,
     ebs_encryption_by_default, NULL, NULL},
    {"aws_ebs_snapshot_block_public_access", "ec2", "get-snapshot-block-public-access-state", NULL,
     ebs_snapshot_block_public_access, NULL, NULL},
    {"aws_security_group_rule", "ec2", "describe-security-groups", NULL, security_group_rule_in,
     "type", "ingress"},
    {"aws_security_group_rule", "ec2", "describe-security-groups", NULL, security_group_rule_out,
     "type", "egress"},
};
const struct kb_tfstate_map kb_tfstate_network = {calls, sizeof calls / sizeof calls[0]};
